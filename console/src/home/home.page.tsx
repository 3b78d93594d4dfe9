import type { ReactNode } from 'react';
import { PageHeader } from '../ui/page-header.tsx';

export default function HomePage(): ReactNode {
  return <PageHeader title="Home" />;
}
