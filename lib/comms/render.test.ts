import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { mailText } from './channel-mail'
import { pageUpdate } from './channel-page'
import { pagerDutyEvent } from './channel-pagerduty'
import { escapeSlack, slackCard, slackLimits, slackLine } from './channel-slack'
import { statuspageIncident, statuspageMaintenance, unmappedComponents } from './channel-statuspage'
import { webhookEvent } from './channel-webhook'
import { chipsIn, expand } from './chips'
import { limitText } from './limits'
import { blocksOf, lint } from './lint'
import { AUDIENCES, CHANNEL_FORMS, SEVERITIES, STATUSES } from './model'
import { type Outgoing, outgoingOf } from './outgoing'
import { messagesSchema, type Template } from './policy'
import { limitsOf, previewOf } from './preview'
import { draftOf, freeze } from './render'
import { factsWith, INVENTORY, incidentWith, messageWith, policyWith, T0 } from './testing/examples'

async function shipped(): Promise<readonly Template[]> {
  const files = ['public', 'internal', 'executive', 'deployments']
  const texts = await Promise.all(files.map((name) => readFile(`runbooks/messages/${name}.yaml`, 'utf8')))
  return texts.flatMap((text) => messagesSchema.parse(parse(text)).templates)
}

const templates = await shipped()
const PUBLIC_POST = { audience: 'public', kind: 'update', occasion: 'first' } as const

function sent(changes: Partial<Outgoing> = {}): Outgoing {
  const { name, startedAt, commander, isDrill } = incidentWith()
  const incident = { name, href: 'https://console.example.com/incidents/142', startedAt, commander, isDrill }
  return { ...outgoingOf({ message: messageWith(), facts: factsWith(), incident, seq: 3 }), ...changes }
}

describe('drafts', () => {
  test('the first public post needs no typing', () => {
    const incident = incidentWith()
    const { components } = messageWith()
    const facts = factsWith({ workaround: null, region: null })
    const draft = draftOf({ ...PUBLIC_POST, facts, incident, templates, components, now: T0 })
    expect(draft && freeze({ message: draft.message, facts })).toEqual({
      title: 'Training fails for some users',
      body: 'Since 02:06 UTC, Training fails for some users. About 38% of requests fail.\n\nWe are looking for the cause. The next update comes by 03:00 UTC.',
    })
  })

  test('every severity and status has a draft for each audience that passes its own linter', () => {
    for (const audience of AUDIENCES)
      for (const severity of SEVERITIES)
        for (const status of STATUSES)
          for (const occasion of ['first', 'change', 'no-change'] as const) {
            const isOver = status === 'resolved'
            const incident = incidentWith({
              severity,
              status,
              wasIdentified: true,
              ...(isOver ? { firingAlerts: 0, hostsOut: 0, resolvedAt: T0.toISOString() } : {}),
            })
            const components = isOver
              ? [
                  {
                    componentId: 't',
                    name: 'Training',
                    from: 'partial_outage' as const,
                    to: 'operational' as const,
                  },
                ]
              : messageWith().components
            const facts = factsWith()
            const draft = draftOf({
              audience,
              kind: 'update',
              facts,
              incident,
              templates,
              components,
              now: T0,
              occasion,
            })
            const findings = draft
              ? lint({
                  message: draft.message,
                  facts,
                  incident,
                  last: null,
                  inventory: INVENTORY,
                  policy: policyWith({ channels: audience === 'public' ? ['page'] : ['slack-bot'] }),
                  now: T0,
                })
              : undefined
            expect([audience, severity, status, findings && blocksOf(findings)]).toEqual([
              audience,
              severity,
              status,
              [],
            ])
          }
  })

  test('a change of severity, status or impact changes every draft', () => {
    for (const audience of AUDIENCES) {
      const base = { audience, kind: 'update', facts: factsWith(), templates, now: T0 } as const
      const written = (
        incident: Partial<Parameters<typeof incidentWith>[0]>,
        components = messageWith().components,
      ) => {
        const draft = draftOf({ ...base, incident: incidentWith(incident), components })
        return JSON.stringify([
          draft?.message,
          draft && freeze({ message: draft.message, facts: base.facts }),
        ])
      }
      const major = messageWith().components.map((it) => ({ ...it, to: 'major_outage' as const }))
      const all = [
        written({}),
        written({ severity: 'P1' }),
        written({ status: 'identified' }),
        written({}, major),
      ]
      expect(new Set(all).size).toBe(4)
    }
  })

  test('nothing internal stands in a public draft, and what is left out is named', () => {
    const facts = factsWith()
    for (const status of STATUSES) {
      const draft = draftOf({
        ...PUBLIC_POST,
        facts,
        incident: incidentWith({ status }),
        templates,
        components: messageWith().components,
        now: T0,
      })
      expect(draft?.hidden).toEqual(expect.arrayContaining(['cause', 'commander', 'GPUs out']))
      const text = JSON.stringify(draft && freeze({ message: draft.message, facts }))
      for (const value of ['Dana Lee', 'INC-0142', 'gateway', '16,742']) expect(text).not.toContain(value)
    }
  })

  test('without a template there is no draft', () => {
    const input = { ...PUBLIC_POST, facts: {}, incident: incidentWith(), components: [], now: T0 }
    expect(draftOf({ ...input, templates: [] })).toBeUndefined()
  })

  test.each([
    ['deployment', 'announce', 15],
    ['deployment', 'progress', 5],
    ['deployment', 'problem', 5],
    ['deployment', 'done', null],
    ['rollback', 'start', 2],
    ['rollback', 'progress', 2],
    ['rollback', 'done', null],
  ] as const)(
    'a %s (%s) is written from the same facts and promises the next in %s min',
    (kind, occasion, minutes) => {
      const facts = factsWith()
      const incident = incidentWith()
      const draft = draftOf({
        audience: 'internal',
        kind,
        occasion,
        facts,
        incident,
        templates,
        components: [],
        now: T0,
      })
      expect(draft && freeze({ message: draft.message, facts }).body).not.toContain('{{')
      const nextMs = draft?.message.nextUpdateAt
        ? Date.parse(draft.message.nextUpdateAt) - T0.getTime()
        : null
      expect(nextMs).toBe(minutes === null ? null : minutes * 60_000)
    },
  )
})

describe('chips', () => {
  test('a fact without a value leaves its place open', () => {
    expect(freeze({ message: messageWith({ body: '{{error_rate}}' }), facts: {} }).body).toBe(
      '{{error_rate}}',
    )
  })

  test('every place of the text leads back to its place in the draft', () => {
    const draft = 'a {{x}} b {{y}} c {{x}}'
    const { text, back } = expand(
      draft,
      new Map([
        ['x', 'long value'],
        ['y', ''],
      ]),
    )
    expect(text).toBe('a long value b  c long value')
    for (const [part, from] of [
      ['b', 'b'],
      ['c', 'c'],
    ] as const) {
      const at = text.indexOf(part)
      expect(draft.slice(back(at, at + 1).from, back(at, at + 1).to)).toBe(from)
    }
    const inside = back(text.indexOf('value'), text.indexOf('value') + 5)
    expect(draft.slice(inside.from, inside.to)).toBe('{{x}}')
    expect(chipsIn(draft)).toHaveLength(3)
  })
})

describe('Slack', () => {
  test('the card says severity, status, impact, next update and commander in every form', () => {
    const out = sent({
      title: 'Training jobs stop',
      body: 'Impact: 3 runs paused.\n\nNow: moving them.\n\nNext update by 02:50 UTC.',
    })
    const card = slackCard(out)
    expect(card.text).toBe(
      'P2 INVESTIGATING: Training jobs stop. Impact: 3 runs paused. Now: moving them. Next update by 02:50 UTC. Commander: Dana Lee.',
    )
    expect(card.attachments[0].color).toBe('#E8710A')
    expect(card.attachments[0].blocks).toEqual([
      {
        type: 'header',
        block_id: 'h-3',
        text: { type: 'plain_text', text: '🟠 P2 · Training jobs stop', emoji: true },
      },
      {
        type: 'section',
        block_id: 'f-3',
        fields: [
          { type: 'mrkdwn', text: '*Status*\n🔎 INVESTIGATING' },
          { type: 'mrkdwn', text: '*Commander*\nDana Lee' },
          { type: 'mrkdwn', text: '*Started*\n<!date^1794967560^{time}|02:06 UTC>' },
          { type: 'mrkdwn', text: '*Next update*\n<!date^1794970200^{time}|02:50 UTC> (02:50 UTC)' },
          { type: 'mrkdwn', text: '*Components*\nTraining: partial outage' },
        ],
      },
      { type: 'section', block_id: 'p0-3', text: { type: 'mrkdwn', text: '*Impact*\n3 runs paused.' } },
      { type: 'section', block_id: 'p1-3', text: { type: 'mrkdwn', text: '*Now*\nmoving them.' } },
      { type: 'section', block_id: 'p2-3', text: { type: 'mrkdwn', text: 'Next update by 02:50 UTC.' } },
      {
        type: 'context',
        block_id: 'c-3',
        elements: [
          {
            type: 'mrkdwn',
            text: 'Update 3 · data as of 02:29 UTC · <https://console.example.com/incidents/142|INC-0142>',
          },
        ],
      },
    ])
  })

  test('what people write is harmless there', () => {
    expect(escapeSlack('a < b && c > <!channel>')).toBe('a &lt; b &amp;&amp; c &gt; &lt;!channel&gt;')
    const card = slackCard(sent({ title: 'x', body: '<!channel> <@U123> *now*', commander: '<!here>' }))
    expect(JSON.stringify(card)).not.toMatch(/<[!@](?!date)/)
    expect(slackLine(sent({ body: '<!channel>' })).text).not.toContain('<')
  })

  test.each([
    ['title', { title: 'x'.repeat(150) }, 'Slack title: 158 characters, 8 more than the 150 that fit'],
    ['section', { body: 'x'.repeat(3_001) }, 'Slack section: 3001 characters, 1 more than the 3000 that fit'],
  ])('a %s that is too long is told with its length', (_what, changes, says) => {
    expect(slackLimits(sent(changes)).map(limitText)).toContain(says)
  })
})

describe('the other channels', () => {
  const map = { training: '8kbf7d35c070' }
  const mark = { deliveryId: 'd1', seq: 3, reference: 'p7' }

  test('Statuspage gets states of mapped components and our mark; what is not mapped is named', () => {
    const out = sent()
    expect(statuspageIncident(out, { map, mark })).toEqual({
      incident: {
        name: out.title,
        status: 'investigating',
        impact_override: 'major',
        body: out.body,
        components: { '8kbf7d35c070': 'partial_outage' },
        component_ids: ['8kbf7d35c070'],
        deliver_notifications: true,
        metadata: { console: { delivery_id: 'd1', update_seq: 3, reference: 'p7' } },
      },
    })
    expect(unmappedComponents(out, {})).toEqual(['Training'])
    // A map from the environment names ours by name, as the channel itself reads it.
    expect(unmappedComponents(out, { Training: 'x' })).toEqual([])
    expect(statuspageIncident(out, { map: { Training: 'x' }, mark }).incident.component_ids).toEqual(['x'])
    const window = { startsAt: '2026-11-19T02:00:00.000Z', endsAt: '2026-11-19T04:00:00.000Z' }
    expect(statuspageMaintenance(out, { map, mark, ...window }).incident).toMatchObject({
      status: 'scheduled',
      impact_override: 'maintenance',
      scheduled_for: window.startsAt,
      scheduled_until: window.endsAt,
    })
  })

  test('the page and the mail name neither the incident nor its commander', () => {
    const out = sent()
    expect(pageUpdate(out)).toMatchObject({
      status: 'Investigating',
      components: [{ name: 'Training', state: 'partial_outage' }],
    })
    const mail = mailText(sent({ title: 'Two\nlines' }), 'https://status.example.com')
    expect(mail.subject).toBe('[Investigating] Two lines')
    expect(mail.text).toContain('Next update: Wednesday 18 November 2026, 02:50 UTC')
    for (const text of [JSON.stringify(pageUpdate(out)), mail.text]) {
      expect(text).not.toContain('INC-0142')
      expect(text).not.toContain('Dana Lee')
    }
  })

  test('PagerDuty opens one event an incident and ends it with the resolved update', () => {
    expect(pagerDutyEvent(sent(), T0)).toMatchObject({
      event_action: 'trigger',
      dedup_key: 'watchfloor:INC-0142',
      payload: { severity: 'error', summary: 'INC-0142 P2 investigating: Training fails for some users' },
    })
    expect(pagerDutyEvent(sent({ status: 'resolved' }), T0)).toEqual({
      event_action: 'resolve',
      dedup_key: 'watchfloor:INC-0142',
    })
  })

  test('a public webhook names neither incident nor severity', () => {
    const at = { deliveryId: 'd1', at: T0 }
    expect(webhookEvent(sent(), at).data).toMatchObject({ incident: null, severity: null })
    expect(webhookEvent(sent({ audience: 'internal' }), at).data).toMatchObject({ incident: 'INC-0142' })
  })

  test('every form has a preview and refuses what is longer than it', () => {
    const long = sent({ title: 'x'.repeat(1_100), body: 'x'.repeat(100_001) })
    for (const form of CHANNEL_FORMS) {
      expect(previewOf({ form, out: sent(), now: T0, componentMap: map }).faults).toEqual([])
      expect(limitsOf(form, long).length).toBeGreaterThan(0)
    }
    expect(previewOf({ form: 'statuspage', out: sent(), now: T0 }).unmapped).toEqual(['Training'])
  })
})
