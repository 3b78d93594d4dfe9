import { type ReactNode, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatCount, formatShort } from '../ui/numbers.ts';
import { usePreferences } from '../ui/preferences.ts';
import { formatMoment } from '../ui/times.ts';
import { alone, type Series, type SeriesChartProps, seriesColour } from './series.ts';

/** The chart as a picture, hidden from screen readers. */
export function SeriesPicture({
  times,
  series,
  kind = 'line',
  format = formatCount,
  formatAxis = formatShort,
  precision = 'day',
  zone,
  height = 220,
}: SeriesChartProps & { readonly zone: 'local' | 'utc' }): ReactNode {
  const home = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the variables say
  useEffect(() => {
    const element = home.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const read = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: read('--text-faint'),
      grid: { stroke: read('--grid'), width: 1 },
      ticks: { show: false },
      font: `12px ${read('--font')}`,
    };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
        legend: { show: false },
        ms: 1,
        ...(zone === 'utc' ? { tzDate: (ms: number) => uPlot.tzDate(new Date(ms), 'Etc/UTC') } : {}),
        scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] } },
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: 70,
            values: (_, ticks) => ticks.map((tick) => axisTime(tick, zone, precision, times)),
          },
          { ...axis, size: 52, values: (_, ticks) => ticks.map(formatAxis) },
        ],
        series: [
          {},
          ...series.map(({ label }, index) => {
            const colour = read(seriesColour(index));
            return {
              label,
              stroke: colour,
              width: kind === 'bars' ? 0 : 1.75,
              fill: kind === 'bars' ? colour : series.length === 1 ? `${colour}1f` : 'transparent',
              points:
                kind === 'bars'
                  ? { show: false }
                  : {
                      show: false,
                      size: 4,
                      fill: colour,
                      filter: (_: uPlot, at: number) => alone(series[at - 1]?.values ?? []),
                    },
              ...(kind === 'bars' && uPlot.paths.bars
                ? { paths: uPlot.paths.bars({ size: [0.7, 40], radius: 0.1 }) }
                : {}),
            };
          }),
        ],
        plugins: [pointerLabel((index) => labelOf(index, times, series, format, zone, precision))],
      },
      [[...times], ...series.map(({ values }) => [...values])] as uPlot.AlignedData,
      element,
    );
    const sizes = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      chart.destroy();
    };
  }, [times, series, kind, format, formatAxis, precision, zone, height, theme]);
  return <div ref={home} aria-hidden className="relative" style={{ height }} />;
}

function axisTime(ms: number, zone: 'local' | 'utc', precision: string, times: readonly number[]): string {
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const spansDays = (times.at(-1) ?? 0) - (times[0] ?? 0) > 2 * 86_400_000;
  const options: Intl.DateTimeFormatOptions =
    precision === 'day' || spansDays
      ? { day: 'numeric', month: 'short' }
      : { hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat('en-GB', { ...options, ...timeZone }).format(ms);
}

function labelOf(
  index: number,
  times: readonly number[],
  series: readonly Series[],
  format: (value: number) => string,
  zone: 'local' | 'utc',
  precision: 'day' | 'minute' | 'second',
): string {
  const values = series.map(({ label, values: all }) => {
    const value = all[index];
    return `${series.length > 1 ? `${label}: ` : ''}${value == null ? 'no data' : format(value)}`;
  });
  return `${formatMoment(new Date(times[index] ?? 0), zone, precision)}\n${values.join('\n')}`;
}

/** The values at the pointer, in a small box beside it. */
function pointerLabel(textAt: (index: number) => string): uPlot.Plugin {
  const box = document.createElement('div');
  box.className =
    'pointer-events-none absolute z-10 rounded-2 border border-line bg-surface px-2 py-1 text-xs whitespace-pre text-text shadow-2 tabular-nums';
  box.hidden = true;
  return {
    hooks: {
      init: (chart) => chart.over.append(box),
      setCursor: (chart) => {
        const { idx, left = -1 } = chart.cursor;
        box.hidden = idx == null || left < 0;
        if (idx == null || left < 0) return;
        box.textContent = textAt(idx);
        const room = chart.over.clientWidth - box.offsetWidth - 12;
        box.style.top = '4px';
        box.style.left = `${left > room ? left - box.offsetWidth - 12 : left + 12}px`;
      },
    },
  };
}

/** Returns another value whenever the colours change: by choice, or with the system. */
function useTheme(): string {
  const chosen = usePreferences((preferences) => preferences.theme);
  const [system, setSystem] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const update = () => setSystem(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return `${chosen} ${system}`;
}
