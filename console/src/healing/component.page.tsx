import { type ReactNode, useMemo } from 'react';
import * as z from 'zod/mini';
import { UptimeBar } from '../charts/uptime-bar.tsx';
import { Link, useParam } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { Button } from '../ui/button.tsx';
import { useClock } from '../ui/moment.tsx';
import { formatShare, plural } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel, Section } from '../ui/panel.tsx';
import { usePreferences } from '../ui/preferences.ts';
import { formatDay, formatMoment } from '../ui/times.ts';
import { LatestChecks } from './component-checks.tsx';
import {
  barRange,
  DAY_MS,
  HOURS_KEPT_DAYS,
  hoursOf,
  incidentNameOf,
  lastHour,
  MINUTES_KEPT_DAYS,
  minutesOf,
  uptimeOf,
  uptimeSteps,
} from './component-health.ts';
import { ResponseTimes, useHistory } from './component-history.tsx';
import { useHealth } from './live-healing.ts';
import { FRESH_FOR_S } from './overall-sentence.ts';
import { ComponentTile, wholeName } from './service-grid.tsx';

const searchSchema = z.object({
  /** A day, UTC, whose hours are shown. Without it the page follows the present. */
  day: z.optional(z.iso.date()),
  /** When an hour of it begins. */
  hour: z.optional(z.iso.datetime()),
});

/** One component: how it is, how it was in 90 days, hour by hour, and how fast it responded. */
export default function ComponentPage(): ReactNode {
  const component = useParam('component');
  const [{ day, hour }, setSearch] = usePageSearch(searchSchema);
  const zone = usePreferences((preferences) => preferences.zone);
  const minute = Math.floor(useClock() / 60_000);
  const now = minute * 60_000;
  const today = new Date(now).toISOString().slice(0, 10);
  const shown = day ?? today;
  const isLive = !day;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another range each minute
  const ranges = useMemo(
    () => ({
      bar: barRange(now),
      hours: hoursOf(shown),
      times: hour ? minutesOf(hour) : day ? hoursOf(day) : lastHour(now),
    }),
    [minute, shown, hour, day],
  );
  const health = useHealth();
  const days = useHistory(component, ranges.bar, true);
  const hours = useHistory(component, ranges.hours, shown === today);
  const times = useHistory(component, ranges.times, isLive);
  const clockOf = (at: string) => formatMoment(new Date(at), zone, 'minute');
  const name = incidentNameOf(component);
  const ageDays = (now - Date.parse(`${shown}T00:00:00Z`)) / DAY_MS;
  return (
    <>
      <PageHeader
        title={wholeName(component)}
        back={<Link to="/admin/healing">Healing</Link>}
        actions={name && <Link to={`/admin/healing/incidents?service=${name}`}>Incidents of {name}</Link>}
      >
        What monitor saw of <code>{component}</code>.
      </PageHeader>
      <div className="flex flex-col gap-5">
        <Panel
          title="Now"
          query={health}
          observedAt={({ observed_at }) => observed_at}
          freshForS={FRESH_FOR_S}
        >
          {(data) => {
            const check = data.checks.find((one) => one.component === component);
            return check ? (
              <ComponentTile check={check} instances={data.instances} />
            ) : (
              <p className="py-2 text-muted">
                Monitor does not watch a component of this name now. What it saw earlier stands below.
              </p>
            );
          }}
        </Panel>
        <Panel title="90 days" query={days} lines={2}>
          {({ steps }) => {
            const { up, watched } = uptimeOf(steps);
            const share = up === null ? 'No data' : `Up ${formatShare(up)} of the watched time`;
            return (
              <UptimeBar
                caption={`${share}; ${plural(watched, 'day')} of ${steps.length} watched. Days are UTC. Choose one to see its hours.`}
                unit="Day"
                steps={uptimeSteps(steps, (at) => formatDay(at.slice(0, 10)))}
                chosen={`${shown}T00:00:00.000Z`}
                onChoose={(at) => setSearch({ day: at.slice(0, 10), hour: undefined }, { push: true })}
              />
            );
          }}
        </Panel>
        <Panel
          title={`Hours of ${formatDay(shown)}`}
          query={hours}
          lines={2}
          actions={
            !isLive && (
              <Button
                size="sm"
                onClick={() => setSearch({ day: undefined, hour: undefined }, { push: true })}
              >
                Back to now
              </Button>
            )
          }
        >
          {({ steps }) =>
            ageDays > HOURS_KEPT_DAYS ? (
              <p className="py-2 text-muted">
                Hours are kept for {HOURS_KEPT_DAYS} days: of this day only the sum above is left.
              </p>
            ) : (
              <UptimeBar
                caption={`From ${clockOf(steps[0]?.at ?? `${shown}T00:00:00Z`)}, by hour. Choose one to see its minutes below.`}
                unit="Hour"
                steps={uptimeSteps(steps, clockOf)}
                chosen={hour}
                onChoose={(at) => setSearch({ day: shown, hour: at }, { push: true })}
              />
            )
          }
        </Panel>
        {ageDays > MINUTES_KEPT_DAYS + 1 ? (
          <Section title="Response time">
            <p className="py-2 text-muted">Checks are kept for {MINUTES_KEPT_DAYS} days.</p>
          </Section>
        ) : (
          <ResponseTimes
            query={times}
            words={hour ? `the hour from ${clockOf(hour)}` : day ? formatDay(day) : 'the last hour'}
          />
        )}
        <LatestChecks component={component} />
      </div>
    </>
  );
}
