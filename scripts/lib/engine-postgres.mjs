import { randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'

/** The catalogue's one-byte "char" type, which adapter-pg can't read; its values are plain text. */
const CHAR_OID = 18
const TEXT_OID = 25

class EnginePool extends pg.Pool {
  async query(...args) {
    const result = await super.query(...args)
    for (const field of result.fields ?? []) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID
    return result
  }
}

/** EnginePostgres connects the schema engine to Postgres through one session per database, shadow databases included. */
export class EnginePostgres {
  provider = 'postgres'
  adapterName = '@prisma/adapter-pg'

  constructor(url) {
    this.url = url
  }

  async connect() {
    const pool = new EnginePool({ connectionString: this.url, max: 1 })
    return wholeScripts(await new PrismaPg(pool, { disposeExternalPool: true }).connect(), pool)
  }

  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${randomUUID()}`
    const admin = new pg.Client({ connectionString: this.url })
    await admin.connect()
    await admin.query(`CREATE DATABASE "${name}"`)
    const url = new URL(this.url)
    url.pathname = `/${name}`
    const pool = new EnginePool({ connectionString: url.href, max: 1 })
    const adapter = wholeScripts(await new PrismaPg(pool).connect(), pool)
    adapter.dispose = async () => {
      await pool.end()
      await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
      await admin.end()
    }
    return adapter
  }
}

// adapter-pg cuts a script at every ";", which breaks a function body; Postgres takes the whole script by itself.
function wholeScripts(adapter, pool) {
  adapter.executeScript = async (sql) => {
    try {
      await pool.query(sql)
    } catch (error) {
      adapter.onError(error)
    }
  }
  return adapter
}
