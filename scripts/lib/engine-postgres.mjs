import { randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'

/** The catalogue's one-byte "char" type, which adapter-pg can't read. */
const CHAR_OID = 18
const TEXT_OID = 25

/** EnginePostgres connects the schema engine to Postgres through one session per database, shadow databases included. */
export class EnginePostgres {
  provider = 'postgres'
  adapterName = '@prisma/adapter-pg'

  constructor(url) {
    this.url = url
  }

  async connect() {
    const pool = new pg.Pool({ connectionString: this.url, max: 1 })
    return mended(await new PrismaPg(pool, { disposeExternalPool: true }).connect(), pool)
  }

  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${randomUUID()}`
    const admin = new pg.Client({ connectionString: this.url })
    await admin.connect()
    await admin.query(`CREATE DATABASE "${name}"`)
    const url = new URL(this.url)
    url.pathname = `/${name}`
    const pool = new pg.Pool({ connectionString: url.href, max: 1 })
    const adapter = mended(await new PrismaPg(pool).connect(), pool)
    adapter.dispose = async () => {
      await pool.end()
      await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
      await admin.end()
    }
    return adapter
  }
}

function mended(adapter, pool) {
  const queryRaw = adapter.queryRaw
  adapter.queryRaw = (query) => queryWithChars({ adapter, queryRaw, query })
  // adapter-pg cuts a script at every ";", which breaks a function body; Postgres takes a whole script by itself.
  adapter.executeScript = async (sql) => {
    try {
      await pool.query(sql)
    } catch (error) {
      adapter.onError(error)
    }
  }
  return adapter
}

// The engine reads constraint kinds as single characters: such columns pass adapter-pg as text and are named
// characters again afterwards.
async function queryWithChars({ adapter, queryRaw, query }) {
  let fields = []
  const reader = Object.create(adapter)
  reader.performIO = async (io) => {
    const result = await adapter.performIO(io)
    fields = result.fields.map((field) => field.dataTypeID)
    for (const field of result.fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID
    return result
  }
  const result = await queryRaw.call(reader, query)
  const columnTypes = result.columnTypes.map((type, i) =>
    fields[i] === CHAR_OID ? ColumnTypeEnum.Character : type,
  )
  return { ...result, columnTypes }
}
