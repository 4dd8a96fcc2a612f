import type { RuleId } from '../lint-rules'
import { type Changes, RESOLVED } from './examples'

/** BadText is a message that must be stopped, the rules any of which may stop it, and what differs from the good public update. */
export type BadText = readonly [rules: readonly RuleId[], body: string, changes?: Changes]

/** Cut in two so that no scanner takes it for a token, and no linter for a template. */
const joined = (...parts: readonly string[]): string => parts.join('')

const NEXT = 'Next update by {{next_update}}.'
const at = (status: 'identified' | 'monitoring', changes: Changes = {}): Changes => ({
  ...changes,
  message: { status, ...changes.message },
})
const over: Changes = { message: RESOLVED }
const inside: Changes = { message: { audience: 'internal' }, policy: { channels: ['slack-bot'] } }
const noTime: Changes = { message: { nextUpdateAt: null } }

/** BAD_TEMPLATED are texts as template collections offer them, sent as they were found. */
export const BAD_TEMPLATED: readonly BadText[] = [
  [['S01'], 'We are currently investigating an issue affecting [service]. Some users fail to [action].'],
  [
    ['S01'],
    'We are experiencing degraded performance on [Component Name]. Requests are slow. Our team is on it.',
  ],
  [['S01'], 'Since [time] UTC, customers in [region] see errors.'],
  [['S01'], joined('Requests to $', '{service} fail since this morning.')],
  [['S01'], 'Hello <CUSTOMER NAME>, training fails at the moment.'],
  [['S01'], 'Training fails. Root cause: TBD. ETA: TBC.'],
  [['S01'], 'Jobs fail for ____ users.'],
  [['S01'], 'Jobs fail because TODO add reason.'],
  [
    ['S01', 'L07'],
    'We have deployed a fix for [description of impact] and expect resolution within [timeframe].',
    at('monitoring'),
  ],
  [
    ['S01'],
    'Scheduled maintenance: [system] will be down from [start] to [end].',
    { message: { kind: 'maintenance', nextUpdateAt: null } },
  ],
  [
    ['S02', 'S17'],
    'We are aware of an issue and are looking into it. Thank you for your patience.',
    { message: { nextUpdateAt: null, components: [] } },
  ],
  [['S02'], 'We are investigating reports of slow performance. More information will follow.', noTime],
  [['S02'], 'Some services are degraded. We will provide updates as they become available.', noTime],
  [['S02'], 'Our engineers have been alerted. Logins fail. Stay tuned!', noTime],
  [['S17'], 'The team is working hard. We will keep you posted.', { message: { components: [] } }],
  [['S17'], 'We are aware of the situation and take it very seriously.', { message: { components: [] } }],
  [['S17'], 'An update on today’s event: our engineers have joined a call.', { message: { components: [] } }],
  [['S22'], 'This incident has been resolved.', over],
  [['S22'], 'The issue is now fixed. Thank you for your patience.', over],
  [
    ['S22'],
    'We have implemented a fix and everything is operating normally. We apologise for any inconvenience.',
    over,
  ],
  [['S22'], 'Training is back. A postmortem will follow.', over],
  [
    ['S23'],
    'We will perform planned maintenance this weekend. Expect short interruptions.',
    { message: { kind: 'maintenance', nextUpdateAt: null } },
  ],
  [
    ['S23', 'S07'],
    'Maintenance starts tonight at 22:00.',
    { message: { kind: 'maintenance', nextUpdateAt: null } },
  ],
  [['L07'], `We expect the issue to be resolved shortly. Jobs fail meanwhile. ${NEXT}`],
  [['L07'], `Service should be restored within the hour. Jobs fail until then. ${NEXT}`],
  [['L07'], `Training fails. Estimated time to fix: ETA one hour. ${NEXT}`],
  [['L07'], `Jobs fail. A fix will be deployed and everything should be back within 30 minutes. ${NEXT}`],
  [['L07'], `Uploads fail; this will be resolved by the end of the day. ${NEXT}`],
  [['L07'], `We expect to have this fixed today. Jobs fail until then. ${NEXT}`],
  [['S07'], 'Training jobs fail since 9:15. We are on it. Next update by {{next_update}}.'],
  [['S07'], `Training jobs failed first at 5 pm. ${NEXT}`],
  [['S07', 'S05'], 'Training jobs fail. Next update at 14:30.'],
  [['S05'], 'Training jobs fail. We will post another update by 05:00 UTC.'],
  [['S05'], 'Training jobs fail. Further updates follow; the next update comes before 03:45 UTC.'],
  [['S03'], 'Training jobs fail.', { message: { nextUpdateAt: '2026-11-18T01:00:00.000Z' } }],
  [['S24'], `Training jobs fail. ${'We are still on it. '.repeat(1_400)}`],
  [['S24'], 'Training jobs fail.', { message: { title: `Training ${'fails '.repeat(50)}` } }],
]

/** BAD_UNTRUE are texts that do not fit what is known. */
export const BAD_UNTRUE: readonly BadText[] = [
  [['S10'], `Everything is back to normal. ${NEXT}`],
  [['S10'], `The problem has been resolved for most users, some jobs still fail. ${NEXT}`, at('monitoring')],
  [['S10'], `We fixed the fault. Jobs fail less often. ${NEXT}`, at('identified')],
  [['S10'], `All systems operational. Training jobs failed this morning. ${NEXT}`],
  [['S10'], `Training is fully restored. Jobs failed before. ${NEXT}`, at('monitoring')],
  [
    ['S10'],
    'Training failed for {{duration}}. No data was lost.',
    {
      message: {
        ...RESOLVED,
        components: [
          { componentId: 'training', name: 'Training', from: 'partial_outage', to: 'degraded_performance' },
        ],
      },
    },
  ],
  [['S11'], `${RESOLVED.body}`, { message: RESOLVED, incident: { firingAlerts: 4 } }],
  [['S11'], `${RESOLVED.body}`, { message: RESOLVED, incident: { hostsOut: 1 } }],
  [
    ['S12'],
    `Some training jobs fail. ${NEXT}`,
    {
      message: {
        components: [
          { componentId: 'training', name: 'Training', from: 'partial_outage', to: 'operational' },
        ],
      },
    },
  ],
  [['S09'], `Status: monitoring. Training jobs fail. ${NEXT}`],
  [['S09'], `RESOLVED: Training jobs fail no more. ${NEXT}`],
  [['S09'], `[Identified] Training jobs fail. ${NEXT}`],
  [['S09'], `P1: training jobs fail. ${NEXT}`, inside],
  [['S09'], `SEV1 training jobs fail. ${NEXT}`, inside],
  [['S09'], `🔴 Training jobs fail. ${NEXT}`, inside],
  [['S09'], `Training jobs fail. ${NEXT}`, { incident: { severity: 'P1' } }],
  [['S09'], `Training jobs fail. ${NEXT}`, { incident: { status: 'resolved' } }],
  [['S19'], `About 73% of training jobs fail. ${NEXT}`],
  [['S19'], `Training jobs fail on 14 machines. ${NEXT}`],
  [['S19'], `99.9% of requests succeed, some training jobs fail. ${NEXT}`],
  [['S19'], `Training jobs fail for 3,200 customers. ${NEXT}`],
  [['S19'], `Jobs wait 17 min 20 s. ${NEXT}`],
  [['S19'], `More than 3k training jobs fail. ${NEXT}`],
  [['S10'], `Training is back online. Jobs failed before. ${NEXT}`, at('monitoring')],
  [['S10'], `Jobs failed this morning; the service is now back. ${NEXT}`, at('monitoring')],
  [['L07'], `Jobs fail. Everything works again within the hour. ${NEXT}`],
  [['L07'], `Jobs fail. We expect full recovery tonight. ${NEXT}`],
  [['L07'], `Jobs fail. A repair is planned before noon. ${NEXT}`],
  [['S19'], `It costs customers $5,000. Training jobs fail. ${NEXT}`],
  [['S01'], `{{error_rate}} of training jobs fail. ${NEXT}`, { facts: { error_rate: null } }],
  [['S01'], `{{gpu_failures}} training jobs fail. ${NEXT}`],
  [['X10'], `{{gpus_down}} GPUs are out, training jobs fail. ${NEXT}`],
  [['X10'], `{{commander}} leads. Training jobs fail. ${NEXT}`],
  [['X10'], `Training jobs fail: the provider’s gateway answers with errors. ${NEXT}`],
  [['S21'], `Training jobs fail. ${NEXT}`, { ...inside, incident: { commander: null } }],
  [['S25'], `Training jobs fail. ${NEXT}`, { incident: { isDrill: true } }],
  [
    ['S25'],
    `Training jobs fail. ${NEXT}`,
    { message: { audience: 'executive' }, incident: { isDrill: true }, policy: { channels: ['mail'] } },
  ],
  [
    ['S26'],
    `Some accounts were read by others. Sign-in fails for them. ${NEXT}`,
    { incident: { isSecurity: true } },
  ],
  [['S26'], `Training jobs fail. ${NEXT}`, { incident: { visibility: 'restricted' } }],
]

/** BAD_BLAMING are texts that look for somebody at fault. */
export const BAD_BLAMING: readonly BadText[] = [
  [['L06'], `Training jobs fail because of human error. ${NEXT}`, at('identified')],
  [['L06'], `An engineer accidentally deleted a setting, so training jobs fail. ${NEXT}`, at('identified')],
  [['L06'], `Our provider is to blame: training jobs fail. ${NEXT}`, at('identified')],
  [['L06'], `Training jobs fail. It is the fault of a supplier. ${NEXT}`, at('identified')],
  [['L06'], `A contractor's mistake makes training jobs fail. ${NEXT}`, at('identified')],
  [['L06'], `Training jobs fail through the negligence of our supplier. ${NEXT}`, at('identified')],
  [['L06'], `The network team is at fault; training jobs fail. ${NEXT}`, at('identified')],
]

const leak = (words: string): string => `Some training jobs fail. ${words} ${NEXT}`

/** BAD_LEAKING are texts that tell customers what stays inside. */
export const BAD_LEAKING: readonly BadText[] = [
  [['X02'], leak('The node 192.168.4.17 does not answer.')],
  [['X02'], leak('Traffic to 10.0.0.0/8 is dropped.')],
  [['X02'], leak('We lost 2001:0db8:85a3:0000:0000:8a2e:0370:7334.')],
  [['X02'], leak('Interface 3c:22:fb:4e:91:0a is down.')],
  [['X03'], leak('worker-3.fleet.internal has run full.')],
  [['X03'], leak('kafka.prod.svc.cluster.local refuses connections.')],
  [['X03'], leak('Connect through ssh4.vast.ai instead.')],
  [['X03'], leak('We restarted GPU-EU-07.')],
  [['X03'], leak('The machine atlas.fleet.example is slow.')],
  [['X03'], leak('Rental 26418841 has ended.')],
  [['X03'], leak('Machine m-55120 is gone.')],
  [['X03'], leak('printer.lan is not reachable.')],
  [['X04'], leak('The worker says RuntimeError: CUDA out of memory.')],
  [['X04'], leak('Traceback (most recent call last): worker stopped.')],
  [['X04'], leak('It fails in train_loop.py:214 every time.')],
  [['X04'], leak('The file /etc/supervisor/conf.d/worker.conf was wrong.')],
  [['X04'], leak('C:\\jobs\\run.log shows more.')],
  [['X04'], leak('The query SELECT * FROM jobs WHERE state is slow.')],
  [['X04'], leak('2026-11-18T02:06:11.123Z level=error msg=lost')],
  [['X04'], leak('The process exited with code 137.')],
  [['X05'], leak('Dana Lee is looking into it.')],
  [['X05'], leak('Ask @ana for more.')],
  [['X05'], leak('li.wen has restarted it.')],
  [['X05'], leak('Northwind Labs is affected most.')],
  [['X05'], leak('Write to oncall@example.com.')],
  [['X05'], leak('Our hotline is +1 415 555 0132.')],
  [['X05'], leak('Call (415) 555-0132.')],
  [['X06'], leak('See https://grafana.example.com/d/abc.')],
  [['X06'], leak('Details: https://acme.slack.com/archives/C0123/p1.')],
  [['X06'], leak('Details: https://acme.pagerduty.com/incidents/Q1.')],
  [['X06'], leak('Ticket: https://acme.atlassian.net/browse/OPS-1.')],
  [['X06'], leak('Open http://localhost:3000/jobs.')],
  [['X06'], leak('Open http://10.0.0.5/jobs.')],
  [['X08'], leak('<!channel> please read.')],
  [['X08'], leak('@everyone please read.')],
  [['X08'], 'Training jobs fail. @here who can help? Next update by {{next_update}}.', inside],
  [['X08'], 'Training jobs fail. <@U0123ABCD> please look. Next update by {{next_update}}.', inside],
  [['X08'], 'Training jobs fail. <!subteam^S0123> please look. Next update by {{next_update}}.', inside],
]

/** SECRETS are texts that hold a secret; each must be stopped for every audience. */
export const SECRETS: readonly string[] = [
  joined('xoxb', '-2345678901-2345678901234-AbCdEfGhIjKlMnOpQrStUvWx'),
  joined('xoxp', '-2345678901-2345678901-2345678901-abcdef0123456789'),
  joined('xapp', '-1-A0123456789-2345678901234-abcdef0123456789'),
  joined('https://hooks.slack', '.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'),
  joined('https://hooks.slack', '.com/workflows/T000/A000/123/abcdefgh'),
  joined('AKIA', 'IOSFODNN7EXAMPLE'),
  joined('ASIA', 'Y34FZKBOKMUTVV7A'),
  joined('ghp', '_16C7e42F292c6912E7710c838347Ae178B4a'),
  joined('github', '_pat_11ABCDEFG0abcdefghijklmnopqrstuvwxyz'),
  joined('glpat', '-abcdefghijklmnopqrst'),
  joined('hf', '_abcdefghijklmnopqrstuvwxyzABCDEF'),
  joined('npm', '_abcdefghijklmnopqrstuvwxyz0123456789'),
  joined('sk', '-proj-abcdefghijklmnopqrstuvwxyz0123'),
  joined('sk', '_live_abcdefghijklmnopqrstuvwx'),
  joined('whsec', '_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
  joined('AIza', 'SyA1234567890abcdefghijklmnopqrstuv'),
  joined('-----BEGIN ', 'PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----'),
  joined('-----BEGIN ', 'OPENSSH PRIVATE KEY-----'),
  joined('eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'),
  joined('4f3c2b1a0d9e8f7a6b5c4d3e2f1a0b9c', '8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a'),
  'VAST_API_KEY=0123456789abcdef0123',
  'api_key: 9f8e7d6c5b4a3210',
  'token = "Zm9vYmFyYmF6cXV4"',
  'password: correcthorsebattery',
  'secret=hunter2hunter2',
  'Authorization: Bearer 0123456789abcdefABCDEF',
  'postgres://watchfloor:s3cr3tpassw0rd@db.example.com/watchfloor',
  'https://deploy:gh0stkey99@git.example.com/repo.git',
  'VASTAI_API_KEY',
  'wfk_live_9f31c0d2a7b84e55',
]
