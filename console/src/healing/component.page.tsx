import type { HealthHistory, SystemHealth } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { UptimeBar } from '../charts/uptime-bar.tsx';
import { Link, useParam } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { Button } from '../ui/button.tsx';
import { useClock } from '../ui/moment.tsx';
import { formatShare } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel, Section } from '../ui/panel.tsx';
import { usePreferences } from '../ui/preferences.ts';
import { formatDay, formatMoment } from '../ui/times.ts';
import { LatestChecks } from './component-checks.tsx';
import {
  barRange,
  CHECKS_KEPT_DAYS,
  DAY_MS,
  HOURS_KEPT_DAYS,
  hoursOf,
  incidentNameOf,
  lastDay,
  lastHour,
  minutesOf,
  uptimeOf,
  uptimeSteps,
} from './component-health.ts';
import { ResponseTimes, useHistory } from './component-history.tsx';
import { ComponentMetrics } from './component-metrics.tsx';
import { useHealth } from './live-healing.ts';
import { ComponentTile, wholeName } from './service-grid.tsx';

const MINUTE_MS = 60_000;
/** Components that are no part of the health, and have a check. */
const ONLY_CHECKED = /^(external|business|queue|machine):/;
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
  const now = Math.floor(useClock() / MINUTE_MS) * MINUTE_MS;
  const isPresent = !day || day === new Date(now).toISOString().slice(0, 10);
  const ageDays = day ? (now - Date.parse(`${day}T00:00:00Z`)) / DAY_MS : 0;
  const health = useHealth();
  const days = useHistory(component, barRange(now), true);
  const hours = useHistory(component, day ? hoursOf(day) : lastDay(now), isPresent);
  const chosen = hour ? minutesOf(hour) : day ? hoursOf(day) : undefined;
  const times = useHistory(component, chosen ?? lastHour(now), !day);
  const clockOf = (at: string) => formatMoment(new Date(at), zone);
  const words = hour
    ? `in the hour from ${clockOf(hour)}`
    : day
      ? `on ${formatDay(day)}`
      : 'in the last hour';
  // Servers and gateway HTTP send no pulses.
  const isInstance = component.startsWith('service:');
  const show = (next: { day: string | undefined; hour?: string }) =>
    setSearch({ hour: undefined, ...next }, { push: true });
  const name = incidentNameOf(component);
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
        <Panel title="Now" query={health}>
          {(data) => <Now health={data} component={component} />}
        </Panel>
        <Panel title="90 days" query={days} lines={2}>
          {({ steps }) => (
            <UptimeBar
              caption={`${uptimeWords(steps, 'days')} Days are UTC. Choose one to see its hours.`}
              unit="Day"
              steps={uptimeSteps(steps, now, (at) => formatDay(at.slice(0, 10)))}
              chosen={day && `${day}T00:00:00.000Z`}
              onChoose={(at) => show({ day: at.slice(0, 10) })}
            />
          )}
        </Panel>
        <Panel
          title={day ? `Hours of ${formatDay(day)}, UTC` : 'Last 24 hours'}
          query={hours}
          lines={2}
          actions={
            day && (
              <Button size="sm" onClick={() => show({ day: undefined })}>
                Back to now
              </Button>
            )
          }
        >
          {({ steps }) =>
            ageDays > HOURS_KEPT_DAYS ? (
              <Gone>Hours are kept for {HOURS_KEPT_DAYS} days: of this day only the sum above is left.</Gone>
            ) : (
              <UptimeBar
                caption={`${uptimeWords(steps, 'hours')} Choose an hour to see its minutes below.`}
                unit="Hour"
                steps={uptimeSteps(steps, now, clockOf)}
                chosen={hour}
                onChoose={(at) => show({ day: day ?? at.slice(0, 10), hour: at })}
              />
            )
          }
        </Panel>
        {isInstance && <ComponentMetrics component={component} chosen={chosen} words={words} now={now} />}
        {ageDays > CHECKS_KEPT_DAYS + 1 ? (
          <Section title="Response time">
            <Gone>Checks are kept for {CHECKS_KEPT_DAYS} days.</Gone>
          </Section>
        ) : (
          <ResponseTimes query={times} words={words} />
        )}
        <LatestChecks component={component} />
      </div>
    </>
  );
}

const Gone = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <p className="py-2 text-muted">{children}</p>
);

function Now({
  health,
  component,
}: {
  readonly health: SystemHealth;
  readonly component: string;
}): ReactNode {
  const check = health.checks.find((one) => one.component === component);
  return check ? (
    <div className="max-w-md">
      <ComponentTile check={check} instances={health.instances} />
    </div>
  ) : (
    <Gone>
      {ONLY_CHECKED.test(component) ? (
        <>
          Its state now is among the <Link to="/admin/checks">checks</Link>. What monitor saw stands below.
        </>
      ) : (
        'Monitor does not watch a component of this name now. What it saw earlier stands below.'
      )}
    </Gone>
  );
}

/** `Up 99.84% of the watched time, which lies in 69 of 90 days.` */
function uptimeWords(steps: HealthHistory['steps'], unit: 'days' | 'hours'): string {
  const { up, watched } = uptimeOf(steps);
  return up === null
    ? 'Nobody watched in this time.'
    : `Up ${formatShare(up)} of the watched time, which lies in ${watched} of ${steps.length} ${unit}.`;
}
