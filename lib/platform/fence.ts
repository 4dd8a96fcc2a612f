import type { Sql } from './sql'

/** Holding is a job's lease as this process took it: another owner has a higher epoch. */
export type Holding = { readonly name: string; readonly epoch: number }

/** holdsLease tells whether the lease is still this holding's, until the transaction ends: a process that was overtaken writes nothing. */
export async function holdsLease(sql: Sql, { name, epoch }: Holding): Promise<boolean> {
  const rows = await sql.$queryRaw<readonly object[]>`
    SELECT 1 FROM lease WHERE name = ${name} AND epoch = ${epoch}::bigint FOR SHARE`
  return rows.length === 1
}
