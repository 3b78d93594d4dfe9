/**
 * The tables of a service with a column `partner_id`, and without row-level security that holds for their owner, too.
 * One row each: `{ name }`. A new table of partners belongs into a migration's `protectTenants`.
 */
export const UNPROTECTED_TABLES_SQL = `
  select c.relname as name
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'partner_id' and not a.attisdropped
  where c.relnamespace = current_schema::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and not (c.relrowsecurity and c.relforcerowsecurity
      and exists (select from pg_policy p where p.polrelid = c.oid))
  order by 1`;
