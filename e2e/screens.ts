import type { Page } from '@playwright/test'
import type { Handle } from './people'

/** Screen is one page of the product: for the accessibility check and the pictures alike. */
export type Screen = {
  readonly name: string
  /** file is the page's place below app/; undefined for a page that is served beside the framework. */
  readonly file: string | undefined
  readonly path: string
  /** who looks at it; undefined for a page that needs no session. */
  readonly who: Handle | undefined
  /** wide is the size of its large picture, 1440 × 900 unless told. */
  readonly wide?: { readonly width: number; readonly height: number }
  /** settled waits for what the picture is about. */
  readonly settled: (page: Page) => Promise<void>
}

function heading(name: string | RegExp): Screen['settled'] {
  return async (page) => {
    await page.getByRole('heading', { name }).first().waitFor()
  }
}

function row(table: string): Screen['settled'] {
  return async (page) => {
    await page.getByRole('table', { name: table }).getByRole('row').nth(1).waitFor()
  }
}

async function board(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Our code/ }).waitFor()
}

/** Opens the incident that is due next; a world without one gets a drill first. */
async function incident(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Going on' }).waitFor()
  const rows = page.getByRole('list').locator('[data-incident-row]')
  if ((await rows.count()) === 0) {
    await page.keyboard.press('d')
    const dialog = page.getByRole('dialog', { name: 'Declare an incident' })
    await dialog.getByLabel('What is wrong, and where').fill('Inference 503s, EU pool')
    await dialog.getByLabel('Severity').selectOption('P1')
    await dialog.getByLabel('This is a drill').check()
    await dialog.getByRole('button', { name: 'Declare' }).click()
  } else await rows.first().click()
  await page.getByRole('list', { name: 'Entries, newest first' }).waitFor()
  // What is out of sight comes when the page is used; a page that still grows is no page to look at.
  await page.mouse.move(4, 4)
  for (const name of ['Changes of the last hour', 'Evidence', 'What was said'])
    await page.getByRole('heading', { name }).waitFor()
}

/** Opens the newest postmortem of the seeded past where it is written and reviewed. */
async function postmortemEditor(page: Page): Promise<void> {
  await postmortem(page)
  await page.goto(`${new URL(page.url()).pathname}/edit`)
  await page.getByRole('heading', { name: 'Evidence tray' }).waitFor()
}

/** Opens the newest postmortem of the seeded past. */
async function postmortem(page: Page): Promise<void> {
  await page.locator('[data-postmortem-row]').first().click()
  await page.getByRole('heading', { name: 'Impact', exact: true }).waitFor()
}

async function fleet(page: Page): Promise<void> {
  await page.getByRole('heading', { name: /^212 GPUs/ }).waitFor()
}

async function drawer(page: Page): Promise<void> {
  await fleet(page)
  await page.getByRole('heading', { name: /^Last hour/ }).waitFor()
}

async function queueCharts(page: Page): Promise<void> {
  await page.getByRole('img', { name: 'Waiting tasks and pollers' }).waitFor()
}

/** SCREENS lists every page, and beside them the states that a link can open. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'sign-in',
    file: '(auth)/sign-in',
    path: '/sign-in',
    who: undefined,
    settled: heading('Sign in to the floor'),
  },
  {
    name: 'session-ended',
    file: '(auth)/session-ended',
    path: '/session-ended?why=revoked&return=%2Ffleet',
    who: undefined,
    settled: heading('Your session was ended'),
  },
  {
    name: 'disabled',
    file: '(auth)/disabled',
    path: '/disabled',
    who: undefined,
    settled: heading('Your access is switched off'),
  },
  {
    name: 'refused',
    file: '(auth)/refused',
    path: '/refused',
    who: undefined,
    settled: heading('Watchfloor does not know you yet'),
  },
  {
    name: 'forbidden',
    file: '(auth)/forbidden',
    path: '/forbidden?need=audit.read',
    who: 'mei',
    settled: heading('Your role does not open this room'),
  },
  { name: 'board', file: '(console)', path: '/', who: 'ana', settled: board },
  {
    name: 'board-wall',
    file: '(console)',
    path: '/?display=wall',
    who: 'ana',
    wide: { width: 1920, height: 1080 },
    settled: board,
  },
  { name: 'fleet', file: '(console)/fleet', path: '/fleet', who: 'ana', settled: fleet },
  {
    name: 'fleet-table',
    file: '(console)/fleet',
    path: '/fleet?view=table',
    who: 'ana',
    settled: row('GPUs'),
  },
  { name: 'fleet-gpu', file: '(console)/fleet', path: '/fleet?gpu=9100005/0', who: 'ana', settled: drawer },
  { name: 'gpus', file: '(console)/gpus', path: '/gpus', who: 'ana', settled: heading(/GPU/) },
  { name: 'queues', file: '(console)/queues', path: '/queues', who: 'ana', settled: row('Task queues') },
  {
    name: 'triage',
    file: '(console)/triage',
    path: '/triage',
    who: 'ana',
    settled: heading('How the path got here'),
  },
  {
    name: 'postmortems',
    file: '(console)/postmortems',
    path: '/postmortems',
    who: 'ana',
    settled: heading('Postmortems'),
  },
  {
    name: 'postmortem',
    file: '(console)/postmortems/[number]',
    path: '/postmortems',
    who: 'ana',
    settled: postmortem,
  },
  {
    name: 'action-items',
    file: '(console)/postmortems/actions',
    path: '/postmortems/actions',
    who: 'ana',
    settled: heading(/open/),
  },
  {
    name: 'insights',
    file: '(console)/insights',
    path: '/insights',
    who: 'ana',
    settled: heading(/incident/),
  },
  {
    name: 'postmortem-edit',
    file: '(console)/postmortems/[number]/edit',
    path: '/postmortems',
    who: 'ana',
    settled: postmortemEditor,
  },
  {
    name: 'deployments',
    file: '(console)/deployments',
    path: '/deployments',
    who: 'raj',
    settled: heading('Waiting'),
  },
  {
    name: 'deployment',
    file: '(console)/deployments/[number]',
    path: '/deployments/3',
    who: 'raj',
    wide: { width: 1440, height: 1400 },
    settled: heading('Way back'),
  },
  {
    name: 'rollout',
    file: '(console)/deployments/[number]/rollout',
    path: '/deployments/3/rollout',
    who: 'raj',
    settled: heading(/^DEP-0003 has not begun/),
  },
  {
    name: 'deployment-calendar',
    file: '(console)/deployments/calendar',
    path: '/deployments/calendar',
    who: 'raj',
    settled: heading('Freezes'),
  },
  {
    name: 'settings-windows',
    file: '(console)/settings/windows',
    path: '/settings/windows',
    who: 'raj',
    settled: heading('Freezes'),
  },
  {
    name: 'reliability-log',
    file: '(console)/deployments/log',
    path: '/deployments/log',
    who: 'raj',
    settled: heading('Reliability log'),
  },
  {
    name: 'deployment-upkeep',
    file: '(console)/deployments/upkeep',
    path: '/deployments/upkeep',
    who: 'raj',
    settled: heading('Rotation ledger'),
  },
  { name: 'drills', file: '(console)/drills', path: '/drills', who: 'ana', settled: row('Scenarios') },
  {
    name: 'migrations',
    file: '(console)/migrations',
    path: '/migrations',
    who: 'ana',
    settled: row('Migrations, newest first'),
  },
  {
    name: 'migration',
    file: '(console)/migrations/[number]',
    path: '/migrations/1',
    who: 'ana',
    settled: heading('The next step'),
  },
  {
    name: 'runbooks',
    file: '(console)/runbooks',
    path: '/runbooks',
    who: 'ana',
    settled: heading('Triage trees'),
  },
  {
    name: 'runbook',
    file: '(console)/runbooks/[...path]',
    path: '/runbooks/triage/5-gpus',
    who: 'ana',
    settled: heading('Questions'),
  },
  {
    name: 'runbook-drawing',
    file: '(console)/runbooks/[...path]',
    path: '/runbooks/triage/5-gpus?view=drawing',
    who: 'ana',
    settled: async (page) => page.getByRole('img', { name: /^GPUs and driver/ }).waitFor(),
  },
  {
    name: 'runbook-edit',
    file: '(console)/runbooks/[...path]',
    path: '/runbooks/triage/5-gpus?view=edit',
    who: 'ana',
    settled: async (page) => page.getByRole('textbox', { name: 'The text of triage/5-gpus.yaml' }).waitFor(),
  },
  {
    name: 'queue',
    file: '(console)/queues',
    path: '/queues?queue=activity%2Fvideo-processing%40gpu',
    who: 'ana',
    settled: queueCharts,
  },
  { name: 'services', file: '(console)/services', path: '/services', who: 'ana', settled: row('Services') },
  {
    name: 'service',
    file: '(console)/services',
    path: '/services?service=integration',
    who: 'ana',
    settled: heading('Parts that it names'),
  },
  {
    name: 'incidents',
    file: '(console)/incidents',
    path: '/incidents',
    who: 'ana',
    settled: heading('Going on'),
  },
  {
    name: 'incident',
    file: '(console)/incidents/[number]',
    path: '/incidents',
    who: 'ana',
    settled: incident,
  },
  {
    name: 'alerts',
    file: '(console)/alerts',
    path: '/alerts',
    who: 'li',
    settled: heading(/^(Firing, by rule|Over in)/),
  },
  {
    name: 'alert-senders',
    file: '(console)/alerts',
    path: '/alerts?tab=senders',
    who: 'sam',
    settled: heading('Standard Webhooks'),
  },
  { name: 'audit', file: '(console)/audit', path: '/audit', who: 'sam', settled: row('Audit trail') },
  {
    name: 'settings',
    file: '(console)/settings',
    path: '/settings',
    who: 'sam',
    settled: heading('This browser'),
  },
  {
    name: 'sources',
    file: '(console)/settings/sources',
    path: '/settings/sources#vast',
    who: 'sam',
    settled: heading('What Watchfloor reads'),
  },
  {
    name: 'channels',
    file: '(console)/settings/channels',
    path: '/settings/channels#statuspage',
    who: 'sam',
    settled: heading('Where people are told'),
  },
  {
    name: 'agents',
    file: '(console)/settings/agents',
    path: '/settings/agents',
    who: 'sam',
    settled: heading('Agents on instances'),
  },
  {
    name: 'status-page-settings',
    file: '(console)/settings/status-page',
    path: '/settings/status-page',
    who: 'sam',
    settled: row('Components of the page'),
  },
  {
    name: 'broken-glass',
    file: '(console)/settings/broken-glass',
    path: '/settings/broken-glass',
    who: 'sam',
    settled: heading('Glass that was broken'),
  },
  {
    name: 'mail',
    file: '(console)/settings/mail',
    path: '/settings/mail',
    who: 'sam',
    settled: heading('Mail to subscribers'),
  },
  {
    name: 'slack',
    file: '(console)/settings/slack',
    path: '/settings/slack',
    who: 'sam',
    settled: heading('Slack commands'),
  },
  {
    name: 'people',
    file: '(console)/settings/people',
    path: '/settings/people',
    who: 'sam',
    settled: row('People'),
  },
  {
    name: 'sessions',
    file: '(console)/settings/sessions',
    path: '/settings/sessions',
    who: 'sam',
    settled: row('Your sessions'),
  },
  {
    name: 'api-keys',
    file: '(console)/settings/keys',
    path: '/settings/keys',
    who: 'ana',
    settled: heading('API keys'),
  },
  {
    name: 'api',
    file: '(console)/settings/api',
    path: '/settings/api',
    who: 'ana',
    settled: row('Operations of incidents'),
  },
  {
    name: 'public-status',
    file: undefined,
    path: '/status',
    who: undefined,
    settled: heading(/^Components/),
  },
  {
    name: 'public-history',
    file: undefined,
    path: '/status/history',
    who: undefined,
    settled: heading('History'),
  },
  {
    name: 'public-incident',
    file: undefined,
    path: '/status/history',
    who: undefined,
    settled: async (page) => {
      await page.getByRole('link', { name: 'Some API requests failed' }).first().click()
      await page.getByRole('heading', { name: /^Updates/ }).waitFor()
    },
  },
  {
    name: 'nothing-here',
    file: '(console)',
    path: '/no-such-room',
    who: 'ana',
    settled: heading('There is nothing at this address'),
  },
]
