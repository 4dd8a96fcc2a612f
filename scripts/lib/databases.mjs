/** withDatabase returns the same url with another database name. */
export function withDatabase(url, name) {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(name)}`
  return changed.href
}

/** canConnect tells whether a url accepts a login right now (waits 2 s at most). */
export async function canConnect(url) {
  try {
    await query(withDatabase(url, 'postgres'), 'SELECT 1')
    return true
  } catch {
    return false
  }
}

/** query runs one statement on a connection of its own and returns the rows. */
export async function query(url, sql, values = []) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  // A connection that breaks is reported by the pending call; without a listener it would end the script as well.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query(sql, values)).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** createDatabase makes a database on the url's server if it is missing, and returns the url that names it. */
export async function createDatabase(url, name) {
  const { default: pg } = await import('pg')
  const maintenance = withDatabase(url, 'postgres')
  const rows = await query(maintenance, 'SELECT 1 FROM pg_database WHERE datname = $1', [name])
  if (rows.length === 0) {
    try {
      await query(maintenance, `CREATE DATABASE ${pg.escapeIdentifier(name)}`)
    } catch (error) {
      // Somebody else made it between the look and the attempt.
      if (!['42P04', '23505'].includes(error.code)) throw error
    }
  }
  return withDatabase(url, name)
}

/** dropDatabase removes a database, ending the sessions that use it. */
export async function dropDatabase(url, name) {
  const { default: pg } = await import('pg')
  await query(
    withDatabase(url, 'postgres'),
    `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`,
  )
}
