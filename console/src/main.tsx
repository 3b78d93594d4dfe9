import './start/no-eval.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { Router } from './router.tsx';
import { startSelfHealing } from './self-healing/start.ts';
import './ui/app.css';

startSelfHealing();
const home = document.getElementById('app');
if (!home) throw new TypeError('the page has no place for the application');
createRoot(home).render(
  <QueryClientProvider client={queryClient}>
    <Router />
  </QueryClientProvider>,
);
