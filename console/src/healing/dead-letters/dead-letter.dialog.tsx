import type { DeadLetter } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Api, api } from '../../api/portal.ts';
import { useAction } from '../../api/use-action.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ConfirmDialog } from '../../ui/confirm.dialog.tsx';
import { CopyableText } from '../../ui/copyable-text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Moment } from '../../ui/moment.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { Loaded } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { EVERY_MS, REFRESH, STATE_MARKS } from './words.ts';

type Opened = Awaited<ReturnType<Api['admin']['deadLetters']['get']>>;

/** One letter with its redacted event, and what can be done with it. */
export function DeadLetterDialog({
  id,
  onClose,
}: {
  readonly id: string;
  readonly onClose: () => void;
}): ReactNode {
  const query = useQuery({
    queryKey: ['dead-letter', id],
    queryFn: () => api.admin.deadLetters.get({ id }),
    refetchInterval: EVERY_MS,
  });
  const [deciding, setDeciding] = useState<'replay' | 'discard' | null>(null);
  const mayDecide = useMay('dead-letters:write');
  const letter = query.data;
  if (deciding && letter)
    return <DecideDialog kind={deciding} letter={letter} onClose={() => setDeciding(null)} />;
  return (
    <Dialog
      title="Dead letter"
      wide
      onClose={onClose}
      actions={
        mayDecide &&
        letter &&
        (letter.state === 'waiting' || letter.state === 'replaying') && (
          <>
            <Button onClick={() => setDeciding('discard')}>Discard</Button>
            <Button
              variant="primary"
              disabled={letter.state === 'replaying'}
              onClick={() => setDeciding('replay')}
            >
              Replay
            </Button>
          </>
        )
      }
    >
      <Loaded query={query} lines={8}>
        {(opened) => <Facts letter={opened} />}
      </Loaded>
    </Dialog>
  );
}

function Facts({ letter }: { readonly letter: Opened }): ReactNode {
  return (
    <>
      <div>
        <p className="font-medium wrap-anywhere">{letter.subject}</p>
        <p className="wrap-anywhere text-muted">for {letter.consumer}</p>
      </div>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name="State">
          <StatusMark {...STATE_MARKS[letter.state]} />
        </Fact>
        <Fact name="Reason">
          <span className="wrap-anywhere">{letter.reason}</span>
        </Fact>
        <Fact name="Deliveries">{formatCount(letter.deliveries)}</Fact>
        <Fact name="First failed">
          <Moment at={letter.first_failed_at} precision="second" relative />
        </Fact>
        <Fact name="Last failed">
          <Moment at={letter.last_failed_at} precision="second" relative />
        </Fact>
        {letter.decided_at && (
          <Fact name="Decided">
            <Moment at={letter.decided_at} relative />{' '}
            <span className="wrap-anywhere">by {letter.decided_by}</span>
          </Fact>
        )}
        {letter.settled_at && (
          <Fact name="Settled">
            <Moment at={letter.settled_at} relative />
            {letter.state === 'replayed' && !letter.decided_at && ' by the consumer itself'}
          </Fact>
        )}
        <Fact name="Event">
          <CopyableText text={letter.event_id} what="event id" />
        </Fact>
      </dl>
      <div>
        <p className="mb-1.5 text-sm text-muted">
          The event, {formatCount(letter.event_bytes)} bytes, without secrets and personal data
        </p>
        <CodeBlock label="Event without secrets" className="max-h-80">
          {textOf(letter.event)}
        </CodeBlock>
      </div>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function DecideDialog({
  kind,
  letter: { consumer, id, subject },
  onClose,
}: {
  readonly kind: 'replay' | 'discard';
  readonly letter: DeadLetter;
  readonly onClose: () => void;
}): ReactNode {
  const isReplay = kind === 'replay';
  const decide = useAction({
    run: () => api.admin.deadLetters[kind]({ id }),
    done: isReplay ? 'The event is being delivered again' : 'Discarded',
    refresh: REFRESH,
  });
  return (
    <ConfirmDialog
      title={isReplay ? `Replay to ${consumer}` : `Discard for ${consumer}`}
      action={isReplay ? 'Replay' : 'Discard'}
      danger={!isReplay}
      onConfirm={() => decide.mutateAsync()}
      onClose={onClose}
    >
      {isReplay ? (
        <>
          <p>
            <span className="wrap-anywhere">{subject}</span> is delivered to {consumer} once more, and to no
            other consumer.
          </p>
          <p>
            If it was processed meanwhile, nothing changes. If it fails again, the letter waits here again.
          </p>
        </>
      ) : (
        <>
          <p>
            {consumer} will never process this <span className="wrap-anywhere">{subject}</span>, also when it
            is published again.
          </p>
          <p>This cannot be undone.</p>
        </>
      )}
    </ConfirmDialog>
  );
}

const textOf = (event: unknown): string =>
  typeof event === 'string' ? event : JSON.stringify(event, null, 2);
