import type { ReactNode } from 'react';
import { encode } from 'uqr';

/** Modules of white around a QR code (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code, made in this page: dark on white in every theme, since cameras expect that. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const { data } = encode(text, { ecc: 'M', border: 0 });
  const size = data.length + 2 * QUIET;
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-52 rounded-2"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
