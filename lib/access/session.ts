import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { type Console, getConsole } from '../console'
import type { Actor } from '../operation'
import { cookieNames, cookieOf, sidOfToken } from './cookies'
import { can, type Permission } from './permissions'
import { safeReturnPath } from './return-path'
import { isTouchDue, type SessionState, sessionState } from './session-rules'
import { readSession, type SessionRow, touchSession } from './session-store'

/** PersonActor is a signed-in person. */
export type PersonActor = Extract<Actor, { kind: 'person' }>

type Held = { readonly sid: string; readonly row: SessionRow | undefined }
type Entry = { readonly readAtMs: number; readonly held: Promise<Held | undefined> }

/** Visitor is who a request belongs to: nobody, a person, or somebody whose session is over and why. */
export type Visitor =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'ended'; readonly why: Exclude<SessionState, 'live'> }
  | { readonly kind: 'person'; readonly actor: PersonActor; readonly session: SessionRow }

/** How long a read session serves further requests of this process: revoking shows within this time everywhere. */
const FRESH_MS = 1_000
const MAX_ENTRIES = 5_000

const holder = globalThis as typeof globalThis & {
  watchfloorSessions?: WeakMap<Console, Map<string, Entry>>
}

function entriesOf(console: Console): Map<string, Entry> {
  holder.watchfloorSessions ??= new WeakMap()
  let entries = holder.watchfloorSessions.get(console)
  if (!entries) {
    entries = new Map()
    holder.watchfloorSessions.set(console, entries)
  }
  return entries
}

/** forgetSessions makes this process read every session anew: call it after ending one. */
export function forgetSessions(console: Console): void {
  holder.watchfloorSessions?.get(console)?.clear()
}

async function readHeld(console: Console, token: string): Promise<Held | undefined> {
  const sid = await sidOfToken(token, console.env.NEXTAUTH_SECRET)
  return sid === undefined ? undefined : { sid, row: await readSession(console.hot, sid) }
}

function heldOf(console: Console, token: string, isFresh: boolean): Promise<Held | undefined> {
  const entries = entriesOf(console)
  const nowMs = console.clock.monotonicMs()
  const known = entries.get(token)
  if (known && !isFresh && nowMs - known.readAtMs < FRESH_MS) return known.held
  if (entries.size >= MAX_ENTRIES) entries.clear()
  const held = readHeld(console, token)
  entries.set(token, { readAtMs: nowMs, held })
  held.catch(() => entries.delete(token))
  return held
}

/** visitorOfToken judges the session behind a cookie; `isFresh` reads the row even when it was read a moment ago. */
export async function visitorOfToken(
  console: Console,
  token: string | undefined,
  isFresh: boolean,
): Promise<Visitor> {
  if (!token) return { kind: 'nobody' }
  const held = await heldOf(console, token, isFresh)
  if (!held) return { kind: 'ended', why: 'expired' }
  const { row } = held
  if (!row) return { kind: 'ended', why: 'revoked' }
  const now = console.clock.now()
  const state = sessionState(row, now)
  if (state !== 'live') return { kind: 'ended', why: state }
  if (isTouchDue(row.lastSeenAt, now)) touch(console, { token, row, now })
  return { kind: 'person', actor: actorOfRow(row), session: row }
}

/** The remembered row moves on at once, so that a burst of requests writes its use once. */
function touch(
  console: Console,
  use: { readonly token: string; readonly row: SessionRow; readonly now: Date },
): void {
  const { log } = console
  const row = { ...use.row, lastSeenAt: use.now }
  entriesOf(console).set(use.token, {
    readAtMs: console.clock.monotonicMs(),
    held: Promise.resolve({ sid: row.id, row }),
  })
  touchSession(console.hot, row.id, use.now).catch((error: unknown) =>
    log.warn({ err: error }, 'the use of a session could not be written'),
  )
}

function actorOfRow(row: SessionRow): PersonActor {
  return {
    kind: 'person',
    id: row.personId,
    handle: row.handle,
    name: row.name,
    roles: row.roles,
    sessionId: row.id,
    authAt: row.authAt,
  }
}

/** visitorOfRequest judges a route handler's request; one that may change something always reads the row. */
export function visitorOfRequest(request: Request): Promise<Visitor> {
  const console = getConsole()
  const { session } = cookieNames(console.env.NEXTAUTH_URL)
  const isReading = request.method === 'GET' || request.method === 'HEAD'
  return visitorOfToken(console, cookieOf(request.headers.get('cookie'), session), !isReading)
}

/** actorOfRequest gives the person behind a route handler's request; undefined when nobody is signed in. */
export async function actorOfRequest(request: Request): Promise<PersonActor | undefined> {
  const visitor = await visitorOfRequest(request)
  return visitor.kind === 'person' ? visitor.actor : undefined
}

/** currentVisitor judges the request of the server component that is rendering, once per request. */
export const currentVisitor = cache(async (): Promise<Visitor> => {
  const console = getConsole()
  const jar = await cookies()
  return visitorOfToken(console, jar.get(cookieNames(console.env.NEXTAUTH_URL).session)?.value, false)
})

/** requireActor gives the signed-in person, or leaves for the page that says why not, with the way back. */
export async function requireActor(): Promise<PersonActor> {
  const visitor = await currentVisitor()
  if (visitor.kind === 'person') return visitor.actor
  if (visitor.kind === 'ended' && visitor.why === 'disabled') redirect('/disabled')
  const path = safeReturnPath((await headers()).get('x-watchfloor-path'))
  const query = new URLSearchParams(path === '/' ? {} : { return: path })
  if (visitor.kind === 'ended') {
    query.set('why', visitor.why)
    redirect(`/session-ended?${query}`)
  }
  redirect(query.size === 0 ? '/sign-in' : `/sign-in?${query}`)
}

/** requirePermission gives the signed-in person if a role holds the permission, or leaves for the page that says so. */
export async function requirePermission(permission: Permission): Promise<PersonActor> {
  const actor = await requireActor()
  if (!can(actor.roles, permission)) redirect(`/forbidden?need=${permission}`)
  return actor
}
