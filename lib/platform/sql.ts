import type pg from 'pg'

/** Sql asks in tagged templates, whose values travel as parameters: a Prisma transaction is one, and a client of node-postgres by `sqlOf`. */
export type Sql = {
  readonly $queryRaw: <Result = unknown>(
    parts: TemplateStringsArray,
    ...values: readonly unknown[]
  ) => PromiseLike<Result>
}

/** sqlOf asks over node-postgres, where the client of Prisma would cost a process some 40 MB: hot paths and the worker. */
export function sqlOf(client: Pick<pg.Pool | pg.PoolClient, 'query'>): Sql {
  return {
    $queryRaw: async <Result>(parts: TemplateStringsArray, ...values: readonly unknown[]) => {
      const text = parts.reduce((sofar, part, at) => `${sofar}$${at}${part}`)
      return (await client.query(text, [...values])).rows as Result
    },
  }
}

/** onOneClient runs work in a transaction on one client; whatever it throws rolls everything back. */
export async function onOneClient<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    const broken = await client.query('ROLLBACK').then(
      () => undefined,
      () => (error instanceof Error ? error : new Error('rollback failed')),
    )
    client.release(broken)
    throw error
  }
}

/** inSql runs work in a transaction of the pool, asked in tagged templates. */
export function inSql<Result>(pool: pg.Pool, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  return onOneClient(pool, (client) => work(sqlOf(client)))
}
