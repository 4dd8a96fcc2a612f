import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { appendAudit } from '../audit/append'
import { openDb } from '../platform/db'
import { oneTimePassword } from './one-time'
import { hashPassword } from './passwords'

const USAGE = 'npm run access:first-admin -- EMAIL "NAME" HANDLE'
const ONE_TIME_MS = 24 * 3_600_000

const shape = z.tuple([
  z.email('the e-mail address does not look like one').toLowerCase(),
  z.string().trim().min(1, 'a name is needed').max(80),
  z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'the handle takes 2 to 31 small letters, digits and hyphens'),
])

async function main(args: readonly string[]): Promise<number> {
  const parsed = shape.safeParse(args)
  if (!parsed.success)
    throw new Error(`${parsed.error.issues.map((issue) => issue.message).join('; ')}\n${USAGE}`)
  const [email, name, handle] = parsed.data
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('Set DATABASE_URL to the console’s database.')
  const db = openDb({ url, name: 'first-admin', max: 1 })
  const at = new Date()
  const password = oneTimePassword(randomBytes(20))
  try {
    await db.$transaction(async (tx) => {
      const admins = await tx.person.count({ where: { roles: { has: 'admin' }, disabledAt: null } })
      if (admins > 0)
        throw new Error('There is an administrator already: people are added under Settings, People.')
      const person = await tx.person.create({
        data: {
          email,
          name,
          handle,
          roles: ['admin'],
          createdAt: at,
          passwordHash: await hashPassword(password),
          oneTimeUntil: new Date(at.getTime() + ONE_TIME_MS),
        },
      })
      await appendAudit(tx, {
        at,
        actor: 'machine:command-line',
        action: 'access.firstAdmin',
        subject: `person:${person.id}`,
        detail: { handle },
        requestId: randomUUID(),
      })
    })
  } finally {
    await db.$disconnect()
  }
  console.log(
    `${name} (${email}) is administrator. One-time password, good for 24 h and for one sign-in: ${password}`,
  )
  return 0
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  },
)
