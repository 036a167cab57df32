import { encode } from "uqr";
import styles from "./SecondFactor.module.css";

/** The address as a picture for an authenticator's camera, drawn here: nobody else sees the secret. */
export function QrPicture({ address }: { address: string }) {
  const { data, size } = encode(address, { ecc: "M", border: 1 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg
      class={styles.picture}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR picture for your authenticator"
      shape-rendering="crispEdges"
    >
      <path d={path} fill="currentColor" />
    </svg>
  );
}
