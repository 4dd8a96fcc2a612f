import { z } from 'zod'
import { defineCommand, defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import { rememberSecret } from '../platform/redact'
import { readSigningSecret, SLACK_KEY, slackPlace } from './settings-load'

/** settings tells whether requests of Slack are taken, where they have to be sent, and who is who there; never the secret. */
export const settings = defineQuery({
  name: 'slack.settings',
  summary: 'Tells whether requests of Slack are taken, where to send them, and who is who there.',
  permission: 'slack.read',
  input: z.strictObject({}),
  run: async ({ console }) => {
    const { secret, origin, version } = await readSigningSecret(console)
    const { rows } = await console.hot.query<{
      id: string
      handle: string
      name: string
      slack_user: string | null
    }>(
      `SELECT p.id, p.handle, p.name, s.slack_user FROM person AS p LEFT JOIN slack_person AS s ON s.person_id = p.id
       WHERE p.disabled_at IS NULL ORDER BY p.handle LIMIT 500`,
    )
    const base = (console.env.WATCHFLOOR_PUBLIC_URL ?? console.env.NEXTAUTH_URL).replace(/\/+$/, '')
    return {
      isTaken: secret !== undefined,
      origin: origin ?? null,
      version,
      address: `${base}/api/hooks/slack`,
      people: rows.map((row) => ({
        id: row.id,
        handle: row.handle,
        name: row.name,
        slackUser: row.slack_user,
      })),
    }
  },
})

/** configure sets what Slack signs its requests with, or stops taking them (`secret: null`). */
export const configure = defineCommand({
  name: 'slack.configure',
  summary: 'Sets the signing secret of the Slack app, or stops taking its requests (secret: null).',
  permission: 'slack.manage',
  input: z.strictObject({
    secret: z.string().trim().min(16, 'at least 16 characters').max(200).nullable(),
    version: z.number().int().min(0),
  }),
  run: async ({ console, tx, actor, now }, input) => {
    rememberSecret(input.secret ?? undefined)
    const { version } = await readSigningSecret(console)
    if (version !== input.version)
      throw new AppError('conflict', 'Somebody changed the settings of Slack meanwhile.')
    const data = {
      value: input.secret === null ? { off: true } : {},
      sealed: input.secret === null ? null : console.seal.seal(input.secret, slackPlace),
      version: version + 1,
      updatedAt: now,
      updatedBy: actor.id,
    }
    await tx.setting.upsert({ where: { key: SLACK_KEY }, create: { key: SLACK_KEY, ...data }, update: data })
    return {
      result: { version: version + 1 },
      audit: { subject: SLACK_KEY, detail: { isTaken: input.secret !== null } },
      touched: [{ topic: 'slack', ref: 'settings' }],
    }
  },
})

/** namePerson says which person a user of Slack is, or that a person is nobody there (`slackUser: null`). */
export const namePerson = defineCommand({
  name: 'slack.namePerson',
  summary: 'Says which person a user of Slack is, or that a person is nobody there (slackUser: null).',
  permission: 'slack.manage',
  input: z.strictObject({
    personId: z.uuid('must be a person id'),
    slackUser: z
      .string()
      .trim()
      .regex(/^[UW][A-Z0-9]{2,30}$/, 'a member id of Slack such as U2CERLKJA')
      .nullable(),
  }),
  run: async ({ tx, actor, now }, { personId, slackUser }) => {
    const person = await tx.person.findUnique({ where: { id: personId } })
    if (person === null) throw new AppError('not_found', 'There is no such person.')
    await tx.slackPerson.deleteMany({ where: { personId } })
    if (slackUser !== null) {
      const other = await tx.slackPerson.findUnique({ where: { slackUser } })
      if (other !== null)
        throw new AppError('conflict', 'This member of Slack is somebody else already.', {
          issues: [{ path: 'slackUser', message: 'taken by another person' }],
        })
      await tx.slackPerson.create({ data: { slackUser, personId, at: now, by: actor.id } })
    }
    return {
      result: { personId, slackUser },
      audit: { subject: `person:${personId}`, detail: { slackUser } },
      touched: [{ topic: 'slack', ref: personId }],
    }
  },
})

/** slackOperations are the commands and queries of what comes in from Slack. */
export const slackOperations = [settings, configure, namePerson] as const
