import { errorCaptured, listIncidents, listTickets, NAMED_SCHEMAS, ticketSchema } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { SchemaNames } from './name-schemas.ts';

describe('the names of schemas', () => {
  it('are those that the contracts give them, wherever they appear', () => {
    expect(NAMED_SCHEMAS.get(ticketSchema)).toEqual({ id: 'Ticket' });
    const schemas = new SchemaNames();
    expect(schemas.payload(errorCaptured.billing)).toEqual({ $ref: '#/components/schemas/ErrorsCaptured' });
    schemas.output(listTickets);
    schemas.output(listIncidents);
    const rendered = schemas.render();
    expect(JSON.stringify(rendered.ListTicketsOutput)).toContain('#/components/schemas/Ticket');
    expect(JSON.stringify(rendered.Incident)).toContain('#/components/schemas/Symptom');
    expect(Object.keys(rendered)).toEqual(
      expect.arrayContaining(['Partner', 'Plan', 'Breaker', 'UsageRecord']),
    );
  });
});
