import { type ReactNode, useState } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { CreatePauseDialog } from './create-pause.dialog.tsx';
import { usePauses } from './live-healing.ts';
import { PauseList } from './pause-list.tsx';

export default function PausesPage(): ReactNode {
  const pauses = usePauses();
  const [isOpen, setOpen] = useState(false);
  const mayPause = useMay('pauses:write');
  return (
    <>
      <PageHeader
        title="Pauses"
        back={<Link to="/admin/healing">Healing</Link>}
        actions={
          mayPause && (
            <Button variant="primary" onClick={() => setOpen(true)}>
              Pause healing
            </Button>
          )
        }
      >
        While a pause is in force, the healer sees and reports, and does not act on its scope.
      </PageHeader>
      <Panel query={pauses} flush>
        {(data) => <PauseList pauses={data} />}
      </Panel>
      {isOpen && <CreatePauseDialog onClose={() => setOpen(false)} />}
    </>
  );
}
