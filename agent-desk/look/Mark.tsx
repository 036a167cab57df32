/** The product's sign: one line switched to another. */
export function Mark() {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d="M4 7h9a4 4 0 0 1 0 8H8M13 15h5.4" />
      <circle cx="4" cy="7" r="1.6" />
      <circle cx="8" cy="15" r="1.6" />
      <circle cx="20" cy="15" r="1.6" />
    </svg>
  );
}
