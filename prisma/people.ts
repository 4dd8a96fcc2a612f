import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { DEMO_PEOPLE, type DemoPerson } from '../lib/access/demo-people'
import { oneTimePassword } from '../lib/access/one-time'
import { hashPassword, verifyPassword } from '../lib/access/passwords'
import { appendAudit } from '../lib/audit/append'
import type { Db } from '../lib/platform/db'

const shape = z.array(
  z.object({ name: z.string(), email: z.string(), role: z.string(), password: z.string().min(12) }),
)

/** DemoSignIn is one line of the file that says who can sign in to the demo. */
export type DemoSignIn = z.infer<typeof shape>[number]

function readSignIns(path: string): readonly DemoSignIn[] {
  if (!existsSync(path)) return []
  const parsed = shape.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return parsed.success ? parsed.data : []
}

function writeSignIns(path: string, signIns: readonly DemoSignIn[]): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(signIns, null, 2)}\n`, { mode: 0o600 })
  chmodSync(path, 0o600)
}

async function seedPerson(db: Db, person: DemoPerson, password: string): Promise<boolean> {
  const known = await db.person.findUnique({ where: { handle: person.handle } })
  if (known && known.email !== person.email) {
    throw new Error(
      `@${person.handle} is somebody else in this database (${known.email}); the demo leaves it alone`,
    )
  }
  if (known?.passwordHash && (await verifyPassword(known.passwordHash, password))) return false
  const passwordHash = await hashPassword(password)
  const { handle, name, email, title, roles } = person
  await db.person.upsert({
    where: { handle },
    create: { handle, name, email, title, roles: [...roles], passwordHash },
    update: { passwordHash, oneTimeUntil: null },
  })
  return true
}

/**
 * seedPeople makes sure that the demo people exist and that `path` (mode 0600) holds passwords that work; the database
 * gets hashes only. Running it again changes nothing.
 */
export async function seedPeople(
  db: Db,
  options: { readonly path: string; readonly now: Date },
): Promise<readonly DemoSignIn[]> {
  const before = new Map(readSignIns(options.path).map((signIn) => [signIn.email, signIn]))
  const signIns = DEMO_PEOPLE.map((person) => ({
    name: person.name,
    email: person.email,
    role: person.roles.join(', '),
    password: before.get(person.email)?.password ?? oneTimePassword(randomBytes(20)),
  }))
  writeSignIns(options.path, signIns)
  const written: string[] = []
  for (const [index, person] of DEMO_PEOPLE.entries()) {
    if (await seedPerson(db, person, signIns[index]?.password ?? '')) written.push(person.handle)
  }
  if (written.length > 0) {
    await db.$transaction((tx) =>
      appendAudit(tx, {
        at: options.now,
        actor: 'machine:seed',
        action: 'access.seedDemoPeople',
        subject: 'people',
        detail: { handles: written },
        requestId: 'seed',
      }),
    )
  }
  return signIns
}
