import { type Changes, RESOLVED } from './examples'

/** GoodText is a message that must go out: its text and what differs from the good public update. */
export type GoodText = readonly [body: string, changes?: Changes]

const NEXT = 'Next update by {{next_update}}.'
const at = (status: 'identified' | 'monitoring', changes: Changes = {}): Changes => ({
  ...changes,
  message: { status, ...changes.message },
})
const over = (changes: Changes = {}): Changes => ({
  ...changes,
  message: { ...RESOLVED, ...changes.message },
})
const inside = (changes: Changes = {}): Changes => ({
  ...changes,
  message: { audience: 'internal', ...changes.message },
  policy: { channels: ['slack-bot', 'slack-webhook', 'pagerduty', 'webhook'], ...changes.policy },
})
const above = (changes: Changes = {}): Changes => ({
  ...changes,
  message: { audience: 'executive', ...changes.message },
  policy: { channels: ['mail'], ...changes.policy },
})
const planned = (changes: Changes = {}): Changes => ({
  ...changes,
  message: {
    kind: 'maintenance',
    status: 'identified',
    nextUpdateAt: null,
    components: [],
    ...changes.message,
  },
})

/** GOOD_PUBLIC are texts for customers as a careful writer would type them. */
export const GOOD_PUBLIC: readonly GoodText[] = [
  [`Training jobs stop after a few minutes since {{started_at}}. We are looking for the cause. ${NEXT}`],
  [
    `Since {{started_at}}, about {{error_rate}} of training jobs fail. Inference works as usual. We are looking for the cause. ${NEXT}`,
  ],
  [
    `New jobs wait longer than usual in {{region}}. Jobs that run already are not affected. We are investigating. ${NEXT}`,
  ],
  [
    `You may see errors when you start a job. Please try again after a minute. We are looking for the cause. ${NEXT}`,
  ],
  [`The dashboard loads slowly. Your jobs and your data are not affected. ${NEXT}`],
  [
    `Uploads fail for some customers. Downloads work. We are still looking for the cause; the next update comes by {{next_update}}.`,
  ],
  [`Some users can't sign in since {{started_at}}. Who is signed in can go on working. ${NEXT}`],
  [`Video processing in {{region}} stops with “processing failed, try again”. A retry may work. ${NEXT}`],
  [`Jobs wait about {{queue_age}} before they start. Nothing is lost; they start by themselves. ${NEXT}`],
  [`Results of finished jobs appear late. No result is lost. We are investigating why. ${NEXT}`],
  [`Webhooks arrive late since {{started_at}}. Each will be delivered. ${NEXT}`],
  [
    `Training fails for some users. No change since {{last_update_at}}; we are still working on it. ${NEXT}`,
    { last: { body: 'Training fails for some users. We are working on it. Next update by 02:35 UTC.' } },
  ],
  [`Since 02:06 UTC, Training fails for some users. We know more by 02:50 UTC, when the next update comes.`],
  [
    `The errors have returned: training jobs fail again since {{started_at}}. ${NEXT}`,
    { last: { status: 'monitoring' } },
  ],
  [
    `Training is slow. Fewer jobs fail than before. ${NEXT}`,
    {
      message: {
        components: [
          { componentId: 'training', name: 'Training', from: 'partial_outage', to: 'degraded_performance' },
        ],
      },
      last: {},
    },
  ],
  [
    `Our service is not available since {{started_at}}. All requests fail. We are working on it. ${NEXT}`,
    { message: { severity: 'P1', nextUpdateAt: '2026-11-18T02:45:00.000Z' } },
  ],
  [`Jobs on GPU pool 7 stop. Other pools work. ${NEXT}`],
  [`Version 2.0.1 of our client can't connect. Version 2.0.0 works: you can install it instead. ${NEXT}`],
  [
    `Requests from {{region}} time out. See https://docs.example.com/regions for how to use another region. ${NEXT}`,
  ],
  [
    `Billing pages show yesterday’s figures. Nothing is charged twice. ${NEXT}`,
    { message: { severity: 'P3' } },
  ],
  [`Some jobs lose their connection and start again by themselves. Your results are complete. ${NEXT}`],
  [`Your local cluster is not affected; jobs in our cloud fail. ${NEXT}`],
  [`Notebooks don't open: the page stays empty or fails with an error. Saved notebooks are safe. ${NEXT}`],
  [`Basic functions work; 3D rendering and 4K video fail. ${NEXT}`],
  [`Fixed-size batches can't start. Please back up your data before you change them. ${NEXT}`],
  [`Requests to /v1/jobs fail with “Error: timeout”. Other requests work. ${NEXT}`],
  [`Jobs stop within a few minutes of their start. ${NEXT}`],
  [`Jobs on A100-80GB, H100 and RTX-4090 cards fail; others work, e.g. L40S. ${NEXT}`],
  [`On Windows 11 and Ubuntu 24.04 the client can't connect; Python 3.11 works. ${NEXT}`],
  [`Uploads and/or downloads are slow, 24/7 support is not affected. ${NEXT}`],
  [`Names with “::” or “:” can't be saved. Node.js and C++ clients fail too. ${NEXT}`],
  [`Sign-in by password or token: users see an error since {{started_at}}. ${NEXT}`],
  [`Two-factor codes arrive late, by up to a minute. Wait 2 minutes before you ask for another. ${NEXT}`],
  [`Jobs named in our letter of 18 November 2026 fail. ${NEXT}`],
  [`Your IP address is not recognised and sign-in fails. ${NEXT}`],
  [`We have found where training jobs fail and are moving them to other machines. ${NEXT}`, at('identified')],
  [
    `Training jobs fail since {{started_at}}. A network link between two sites is broken. We route around it now. ${NEXT}`,
    at('identified'),
  ],
  [
    `Jobs stop when their disk is full, earlier than they should. We are giving them more room. ${NEXT}`,
    at('identified'),
  ],
  [
    `Some requests are slow. A part of our network answers late, and we are replacing it. ${NEXT}`,
    at('identified'),
  ],
  [
    `New jobs can't start in {{region}}. We have identified the cause and move new jobs to another region. ${NEXT}`,
    at('identified'),
  ],
  [
    `Training jobs fail in {{region}}. You can choose another region when you start one. ${NEXT}`,
    at('identified', { incident: { workaround: 'choose another region' } }),
  ],
  [
    `Sign-in is slow since {{started_at}}. We know the cause and are making a change. It is not fixed yet. ${NEXT}`,
    at('identified'),
  ],
  [`Our GPU supplier has a problem that makes training jobs fail in {{region}}. ${NEXT}`, at('identified')],
  [
    `Training jobs start again. Some still wait longer than usual. We are watching whether it holds. ${NEXT}`,
    at('monitoring'),
  ],
  [
    `Fewer than {{error_rate}} of jobs fail now. We have made a change and watch its effect. ${NEXT}`,
    at('monitoring'),
  ],
  [
    `Training was slow and is fast again for most users. We keep watching until we are sure. ${NEXT}`,
    at('monitoring'),
  ],
  [`Jobs no longer fail. The queue is still longer than usual, so new jobs wait. ${NEXT}`, at('monitoring')],
  ['Training jobs failed from {{started_at}} to {{resolved_at}}. {{data_loss}}.', over()],
  [
    'Some customers could not start jobs for {{duration}}. Jobs that ran were not touched. No data was lost.',
    over(),
  ],
  [
    'From 02:06 UTC to 02:28 UTC training jobs stopped. We are still checking whether data was lost.',
    over({ facts: { resolved_at: '2026-11-18T02:28:00.000Z' } }),
  ],
  [
    'This is resolved. Training failed for some users for {{duration}}. Your data is safe.',
    over({ last: { status: 'monitoring' } }),
  ],
  [
    'It is over: uploads in {{region}} failed for {{duration}}. All files that were uploaded are complete, no data is missing.',
    over(),
  ],
  ['Training was not available for {{duration}}. No data was lost. We are sorry.', over()],
  [
    '{{maintenance_effect}}. The work begins on {{maintenance_starts_at}} and ends by {{maintenance_ends_at}}.',
    planned(),
  ],
  [
    'We replace disks between 02:00 UTC and 04:00 UTC on 19 November 2026. Jobs wait and go on by themselves.',
    planned(),
  ],
  [
    'The website is down for up to ten minutes between 02:00–04:00 UTC on Thursday 19 November 2026.',
    planned(),
  ],
]

/** GOOD_INTERNAL are texts for our own people and executives: names, hosts and figures may stand in them. */
export const GOOD_INTERNAL: readonly GoodText[] = [
  [
    `Impact: {{impact}}. {{gpus_down}} of {{gpus_total}} GPUs are out.\n\nNow: li drains gpu-eu-07.\n\n${NEXT}`,
    inside(),
  ],
  [`503 on {{error_rate}} of EU calls. Host 8841 is draining, Bo moves the runs. ${NEXT}`, inside()],
  [
    `Vast.ai's gateway answers with errors; we retry with backoff. Requests fail meanwhile. ${NEXT}`,
    inside(),
  ],
  [`Xid 79 on 10.2.3.4, card lost. Training runs on it stopped. Replacing it. ${NEXT}`, inside()],
  [`gpu queue is {{queue_age}} behind, {{queue_depth}} waiting. Workers restart now. ${NEXT}`, inside()],
  [`Training fails. Probably the driver: OOM in nvidia-smi, see /var/log/syslog. ${NEXT}`, inside()],
  [`Credit lasts {{credit_runway}}. If it ends, all instances stop. Dana tops it up. ${NEXT}`, inside()],
  [`Nothing new: training still fails, {{requests_failed}} requests so far. ${NEXT}`, inside()],
  [
    `Moved the runs away from m-55120. Fewer jobs fail. ${NEXT}`,
    inside({ message: { status: 'identified' } }),
  ],
  [
    `Fix is out on all hosts, errors fall. We watch it until it holds. ${NEXT}`,
    inside({ message: { status: 'monitoring' } }),
  ],
  [
    'Training failed for {{duration}}, all EU users. {{data_loss}}. Cause: {{cause}}.',
    inside({ message: { ...RESOLVED, audience: 'internal' } }),
  ],
  [`DRILL: training fails in the exercise. ${NEXT}`, inside({ incident: { isDrill: true } })],
  [
    'asr-api {{deployment_version}} goes to production at {{deployment_starts_at}}, approved by {{deployment_approver}}.',
    inside({ message: { kind: 'deployment', status: 'identified' } }),
  ],
  [
    'Canary at {{deployment_percent}}: p95 {{deployment_latency_p95}}, errors {{deployment_error_rate}}, memory {{deployment_memory}}.',
    inside({ message: { kind: 'deployment', status: 'monitoring' } }),
  ],
  [
    'We roll back to {{deployment_version_before}}: {{rollback_reason}}.',
    inside({ message: { kind: 'rollback' } }),
  ],
  [
    `Since {{started_at}}, {{customers_affected}} customers can't train models. Dana Lee leads. ${NEXT}`,
    above(),
  ],
  [`Training is degraded in {{region}}. It costs us {{idle_cost}} so far for idle GPUs. ${NEXT}`, above()],
  [`We need a decision: a second supplier would let new jobs start; they wait now. ${NEXT}`, above()],
  [
    'It is over after {{duration}}. {{customers_affected}} customers could not train. No data was lost.',
    above({ message: { ...RESOLVED, audience: 'executive' } }),
  ],
]
