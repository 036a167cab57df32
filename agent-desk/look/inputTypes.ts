/** Each by itself: what an input may have else depends on its type. */
export const inputTypes = {
  text: { type: "text" },
  email: { type: "email" },
  password: { type: "password" },
  date: { type: "date" },
  datetime: { type: "datetime-local" },
} as const;
