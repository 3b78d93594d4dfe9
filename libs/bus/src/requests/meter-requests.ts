import { counter, histogram, RequestMeter } from '@gridworks/observability';

const LABELS = ['contract'];
const seconds = histogram(
  'service_request_seconds',
  'Time from the arrival of a request at its handler to its response',
  LABELS,
);
const errors = counter(
  'service_request_errors_total',
  'Requests of a contract that failed by a fault of the service',
  LABELS,
);

/** The name of a request in figures and reports: `billing.plan.list` of `rpc.billing.plan.list`. */
export const contractName = (subject: string): string => subject.slice(subject.indexOf('.') + 1);

/** A meter for the requests of this subject, in `/metrics` too. */
export function meterOf(subject: string): RequestMeter {
  const contract = contractName(subject);
  return new RequestMeter(contract, seconds.labels(contract), errors.labels(contract));
}
