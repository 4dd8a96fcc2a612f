import type { RuleId } from '../lint-rules'
import type { Status } from '../model'

/** HeardGood is a text that must go out in its status, worded as other teams word theirs. */
export type HeardGood = readonly [status: Status, body: string]

/** HeardBad is one that must be stopped, and the rule that must stop it. */
export type HeardBad = readonly [status: Status, rule: RuleId, body: string]

/** HEARD_GOOD was written to try the linter, not from its rules, and what it showed went into them; numbers need no fact here. */
export const HEARD_GOOD: readonly HeardGood[] = [
  ['investigating', 'Actions is experiencing degraded performance. We are continuing to investigate.'],
  [
    'investigating',
    'Customers in Europe may be unable to start new instances. Running instances are not affected.',
  ],
  [
    'investigating',
    'Our monitoring detected that logins fail for users with SSO. We are working with our identity provider.',
  ],
  ['investigating', 'Emails are delayed. All emails are queued and will be sent.'],
  ['investigating', 'Search results may be out of date. New documents take up to ten minutes to appear.'],
  ['investigating', 'Webhook deliveries are delayed by about five minutes. They are not lost.'],
  ['investigating', 'Some users see a blank page after signing in. Reloading the page helps.'],
  ['investigating', 'Payments by card are declined for some customers; bank transfer works.'],
  ['investigating', 'Deployments stay in “pending”. Running services continue to serve traffic.'],
  ['investigating', 'Builds on arm64 fail with “exec format error”. x86 builds work.'],
  [
    'investigating',
    'We have received reports of missing invoices. No charges are affected. We are checking.',
  ],
  ['investigating', 'Our status page showed wrong data until 02:10 UTC. The service itself works.'],
  ['investigating', 'Video previews do not load in Safari. Other browsers work.'],
  [
    'investigating',
    'Customers with the old client need to sign in again. We are looking into why sessions end early.',
  ],
  ['investigating', 'If your job stopped, you do not need to do anything: it starts again by itself.'],
  [
    'investigating',
    'The outage that began at 01:45 UTC continues. Most requests fail. We have more people on it now.',
  ],
  [
    'investigating',
    'Notebook kernels disconnect after a few minutes. Work that is saved is safe; save often.',
  ],
  ['investigating', 'Our phone line is also down. Please write through the form on the help page.'],
  [
    'identified',
    'The cause is a full disk on one of our storage systems. Uploads fail until we have added space.',
  ],
  [
    'identified',
    'We have found the source of the errors: a change made earlier today. We are undoing it now. Requests may fail meanwhile.',
  ],
  ['identified', 'We are rolling back a release from this morning that causes requests to time out.'],
  [
    'identified',
    'GPU instances in one data centre lost power. Power is back, and machines start one after another.',
  ],
  [
    'monitoring',
    'A fix has been rolled out. Logins work for most customers; some still see errors. We continue to monitor.',
  ],
  [
    'monitoring',
    'Error rates have dropped and jobs are starting again. We will keep monitoring before we close this.',
  ],
  [
    'monitoring',
    'We have restarted the affected systems. Uploads succeed again, though large files may still be slow.',
  ],
  [
    'monitoring',
    'Since the change at 02:12 UTC no job has failed. Jobs that failed before have to be started again by you.',
  ],
  [
    'resolved',
    'This incident is over. Between 01:10 and 01:58 UTC uploads failed for customers in Europe. No files were lost.',
  ],
  [
    'resolved',
    'Everything works again. Logins failed for 42 minutes for about half of our users. Data was not affected and nothing was lost.',
  ],
  [
    'resolved',
    'Resolved. For 35 minutes some jobs could not start. All of them have run since. We lost no data.',
  ],
  // Written blind; at first sight a third of the good ones was stopped and half of the bad ones passed. Rules grew.
  ['investigating', 'Dashboards are empty for customers in Asia. Alerts are still sent.'],
  ['investigating', 'Newly created keys are not accepted for up to an hour. Keys that exist already work.'],
  ['investigating', 'Checkpoints are written twice as slowly as usual. None is lost.'],
  ['investigating', 'Exports to CSV end with an error after 1,000 rows. Smaller exports work.'],
  ['investigating', 'We see more failed logins than usual and are finding out why.'],
  [
    'identified',
    'A certificate ran out. Clients older than last year refuse to connect until they are updated.',
  ],
  ['identified', 'One of two links to our storage is cut. Reading large files takes longer.'],
  ['identified', 'Jobs with more than eight GPUs stay in the queue. We add machines of that kind.'],
  [
    'monitoring',
    'The queue is empty again. Jobs that were waiting have started. We watch the next hour closely.',
  ],
  ['monitoring', 'Most machines answer again; the rest follow. Some jobs need to be started by hand.'],
  [
    'resolved',
    'Between 22:40 and 23:55 UTC yesterday exports failed. They work now. No data was lost; please start failed exports again.',
  ],
  [
    'resolved',
    'From 00:10 to 00:25 UTC all API calls were refused. We have checked that no data is missing.',
  ],
  ['investigating', 'Some pages answer with an error since 02:00 UTC. Trying again usually helps.'],
  ['investigating', 'New customers cannot finish their registration. Everybody else can work.'],
  ['investigating', 'Live logs lag behind by several minutes. The jobs themselves run as planned.'],
  ['investigating', 'Large models load slowly from our registry. Small ones are fine.'],
  ['investigating', 'We know that team invitations do not arrive. Please do not send them twice.'],
  ['identified', 'A rule in our firewall blocks uploads from two countries. We are taking it out.'],
  ['identified', 'Storage in one zone is full. Writing there fails, reading works.'],
  [
    'identified',
    'We found that a cable was cut outside our data centre. Traffic takes a longer way and is slower.',
  ],
  ['monitoring', 'Registration works again for those we asked. We look at it for another hour.'],
  ['monitoring', 'We have added machines and the queue shrinks. Waiting times are still above normal.'],
  ['resolved', 'Registration failed from 01:00 to 01:40 UTC for new customers. No data was lost.'],
  [
    'resolved',
    'Uploads were slow for three hours today, in Europe only. Every file arrived and none is missing.',
  ],
]

/** HEARD_BAD are texts of the same kind that must be stopped. */
export const HEARD_BAD: readonly HeardBad[] = [
  ['investigating', 'S17', 'We are looking into an issue.'],
  ['investigating', 'S17', 'Our team continues to work on this.'],
  ['identified', 'S17', 'We identified a network issue affecting the fra1 region.'],
  ['monitoring', 'S17', 'A change has been implemented and we are monitoring the results.'],
  ['investigating', 'L07', 'Requests fail. Estimated recovery in 20 minutes.'],
  ['investigating', 'L07', 'Requests fail. We anticipate the service being available again by 03:00 UTC.'],
  ['investigating', 'L07', 'Requests fail. Normal service will resume tonight.'],
  [
    'investigating',
    'S10',
    'The issue has been mitigated and all services are operational again. Requests failed.',
  ],
  ['investigating', 'S10', 'We can confirm that everything is working normally again after requests failed.'],
  [
    'investigating',
    'L06',
    'Requests fail because someone on our team pushed a bad configuration by mistake.',
  ],
  ['investigating', 'L06', 'Requests fail since our vendor messed up.'],
  ['investigating', 'X03', 'Requests fail on ip-10-2-33-7.eu-west-1.compute.internal.'],
  ['investigating', 'X03', 'Requests fail on k8s-node-12.corp.'],
  ['investigating', 'X04', 'Requests fail with java.lang.NullPointerException: null'],
  ['investigating', 'X04', 'Requests fail: connect ECONNREFUSED 127.0.0.1:5432'],
  ['investigating', 'X05', 'Requests fail. Contact John at john.smith@corp-mail.example.'],
  ['investigating', 'X01', 'Requests fail with key sk-ant-api03-abcdefghijklmnopqrstuvwxyz.'],
  ['investigating', 'X06', 'Requests fail, see https://grafana.ops.acme.dev/d/abc.'],
  ['investigating', 'S01', 'Requests to {{ service_name }} fail.'],
  ['investigating', 'S01', 'Requests fail. [INSERT DETAILS HERE]'],
  ['investigating', 'S01', 'Requests fail for <COMPANY> customers.'],
  ['investigating', 'S01', 'Requests fail. Root cause: (tbd).'],
  ['investigating', 'S01', 'Requests to %SERVICE% fail.'],
  ['resolved', 'S22', 'All clear.'],
  ['resolved', 'S22', 'We are back. Sorry about that.'],
  ['investigating', 'S05', 'Requests fail. Next update: 03:30 UTC.'],
  ['investigating', 'S07', 'Requests fail since 14:05.'],
  // Written blind; at first sight a third of the good ones was stopped and half of the bad ones passed. Rules grew.
  ['investigating', 'S17', 'Engineers have been paged and are on the case.'],
  ['investigating', 'L07', 'Exports fail. This will take about two hours to fix.'],
  ['investigating', 'L07', 'Exports fail. We hope to have it sorted by lunchtime.'],
  ['investigating', 'L07', 'Exports fail. Service returns at 03:00 UTC.'],
  ['monitoring', 'S10', 'Exports failed; the problem is gone for good.'],
  ['identified', 'S10', 'Exports failed for an hour. The incident is closed.'],
  ['identified', 'L06', 'Exports fail because a new colleague did not follow the procedure.'],
  ['investigating', 'X02', 'Exports fail at 172.16.254.1:8080.'],
  ['investigating', 'X03', 'Exports fail on node07.dc1.local.'],
  ['investigating', 'X04', 'Exports fail, see ~/logs/export/today.log.'],
  ['investigating', 'X05', 'Exports fail. Reach us at 0800-555-123 or help@acme.example.'],
  ['investigating', 'S01', 'Exports fail for {customer}.'],
  ['investigating', 'S01', 'Exports fail since XX:XX UTC.'],
  ['resolved', 'S22', 'Exports work again. They failed for 20 minutes.'],
  ['investigating', 'S17', 'Thanks for bearing with us.'],
  ['investigating', 'S17', 'We are gathering more details.'],
  ['investigating', 'L07', 'Uploads fail. We are confident this is sorted within 15 minutes.'],
  ['investigating', 'L07', 'Uploads fail. Full service by 04:00 UTC.'],
  ['monitoring', 'S10', 'Uploads failed; we have now completely fixed it.'],
  ['investigating', 'S10', 'Uploads failed. All systems are green.'],
  ['identified', 'L06', 'Uploads fail because Kevin from ops forgot to renew a certificate.'],
  ['investigating', 'X02', 'Uploads to 203.0.113.7 fail.'],
  ['investigating', 'X03', 'Uploads to storage-2.prod.svc.cluster.local fail.'],
  ['investigating', 'X04', 'Uploads fail: psycopg2.OperationalError: could not connect'],
  ['investigating', 'X08', 'Uploads fail <!here>'],
  ['investigating', 'S05', 'Uploads fail. Next update at 04:10 UTC.'],
  ['resolved', 'S22', 'Uploads are fine again, sorry for the trouble.'],
]
