import { randomUUID } from 'node:crypto'
import { request } from 'undici'
import type { Rig } from './rig'

/** Caller is who asks the console: where, and with which session. */
export type Caller = { readonly base: string; readonly origin: string; readonly cookie: string }

/** callerOf asks as the rig's own session. */
export function callerOf(rig: Rig): Caller {
  return { base: rig.base, origin: rig.base, cookie: rig.cookie }
}

/** Answered is a status with the body, read as JSON. */
export type Answered = { readonly status: number; readonly body: unknown }

const TIMEOUT_MS = 10_000

/** runCommand sends one command; throws when the connection fails or nothing comes within 10 s. */
export async function runCommand(
  caller: Caller,
  command: { readonly name: string; readonly input: unknown; readonly key?: string },
): Promise<Answered> {
  const answer = await request(`${caller.base}/api/commands/${command.name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-watchfloor-request': '1',
      'idempotency-key': command.key ?? randomUUID(),
      origin: caller.origin,
      cookie: caller.cookie,
    },
    body: JSON.stringify(command.input),
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  })
  return { status: answer.statusCode, body: await bodyOf(answer) }
}

/** runQuery asks one query; throws when the connection fails or nothing comes within 10 s. */
export async function runQuery(caller: Caller, name: string, input: unknown): Promise<Answered> {
  const path = `${caller.base}/api/queries/${name}?input=${encodeURIComponent(JSON.stringify(input))}`
  const answer = await request(path, {
    headers: { cookie: caller.cookie },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  })
  return { status: answer.statusCode, body: await bodyOf(answer) }
}

async function bodyOf(answer: Awaited<ReturnType<typeof request>>): Promise<unknown> {
  const text = await answer.body.text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** declareIncident opens an incident and gives its id and name; throws when it is refused. */
export async function declareIncident(
  caller: Caller,
  title: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const { status, body } = await runCommand(caller, {
    name: 'incidents.declare',
    input: { title, severity: 'P2', answer: true },
  })
  if (status !== 200) throw new Error(`declaring an incident answered ${status}: ${JSON.stringify(body)}`)
  return body as { id: string; name: string }
}
