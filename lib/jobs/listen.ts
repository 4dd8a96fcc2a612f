import pg from 'pg'
import type { Console } from '../console'
import { poolConfig } from '../platform/db'

const AGAIN_MS = 1_000

/** listen wakes on notifications of these channels over one connection of its own (`name`), made anew when it breaks; gives how to end. */
export async function listen(
  app: Console,
  options: {
    readonly name: string
    readonly channels: readonly string[]
    readonly on: (channel: string) => void
    /** onProblem is told why the connection could not be made; it is tried again every second. */
    readonly onProblem: (error: unknown) => void
  },
): Promise<() => Promise<void>> {
  let client: pg.Client | undefined
  let ended = false

  async function open(): Promise<void> {
    const {
      max: _max,
      idleTimeoutMillis: _idle,
      ...config
    } = poolConfig({ url: app.env.DATABASE_URL, name: options.name, max: 1 })
    const opened = new pg.Client(config)
    client = opened
    const lost = (): void => {
      if (client !== opened || ended) return
      client = undefined
      opened.end().catch(() => undefined)
      setTimeout(() => void open(), AGAIN_MS).unref()
    }
    opened.on('error', lost)
    opened.on('end', lost)
    opened.on('notification', (message) => options.on(message.channel))
    try {
      await opened.connect()
      await opened.query(options.channels.map((channel) => `LISTEN ${channel}`).join('; '))
    } catch (error) {
      options.onProblem(error)
      lost()
    }
  }

  await open()
  return async () => {
    ended = true
    await client?.end().catch(() => undefined)
  }
}
