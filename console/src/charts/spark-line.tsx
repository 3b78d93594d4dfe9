import type { ReactNode } from 'react';

interface SparkLineProps {
  /** Text for screen readers in place of the picture: `1,204 calls in 30 days`. */
  readonly label: string;
  readonly values: readonly number[];
  readonly width?: number;
  readonly height?: number;
}

/** A line without axes, starting from zero. */
export function SparkLine({ label, values, width = 96, height = 22 }: SparkLineProps): ReactNode {
  const points = sparkPoints(values, width, height);
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className="block"
    >
      <title>{label}</title>
      <path
        d={`M0 ${height - 1} ${points.map((point) => `L${point}`).join(' ')} L${width} ${height - 1}Z`}
        className="fill-accent-soft"
      />
      <polyline
        points={points.join(' ')}
        fill="none"
        strokeWidth="1.5"
        strokeLinejoin="round"
        className="stroke-series-1"
      />
    </svg>
  );
}

/** `x,y` of each value; one value is a flat line, none is a line at zero. */
export function sparkPoints(values: readonly number[], width: number, height: number): string[] {
  const drawn =
    values.length === 0 ? [0, 0] : values.length === 1 ? [values[0] as number, values[0] as number] : values;
  const top = Math.max(1, ...drawn);
  const inside = height - 3;
  return drawn.map((value, index) => {
    const x = (index / (drawn.length - 1)) * width;
    const y = 1.5 + inside * (1 - value / top);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
}
