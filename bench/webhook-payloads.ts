import type { Sender } from '../lib/alerts/model'
import { alertmanagerBody, pagerDutyBody } from '../lib/alerts/testing/deliveries'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const STARTS = '2026-11-18T02:06:11.482Z'

function parsed(text: string): Json {
  return JSON.parse(text) as Json
}

/** What each sender really posts: its own shapes, with the fields that it sends beside those that are read. */
const PAYLOADS: Readonly<Record<Sender, readonly Json[]>> = {
  alertmanager: [
    parsed(
      alertmanagerBody([
        {
          labels: { alertname: 'GpuHot', severity: 'critical', host: 'gpu-7', gpu: '3' },
          startsAt: STARTS,
          fingerprint: 'c0ffee0000000001',
        },
        {
          status: 'resolved',
          labels: { alertname: 'GpuHot', severity: 'critical', host: 'gpu-9', gpu: '0' },
          startsAt: STARTS,
          endsAt: '2026-11-18T02:21:11.482Z',
          fingerprint: 'c0ffee0000000002',
        },
      ]),
    ),
    parsed(alertmanagerBody([], 3)),
  ],
  grafana: [
    {
      receiver: 'watchfloor',
      status: 'firing',
      orgId: 1,
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'QueueOld', grafana_folder: 'Workers', severity: 'warning' },
          annotations: {
            summary: 'the oldest task waits for 11 min',
            __value_string__: '[ var=A value=660 ]',
          },
          startsAt: '2026-11-18T03:06:00+01:00',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'https://grafana.example/alerting/grafana/abc/view?orgId=1',
          fingerprint: '57c6d9296de2ad39',
          silenceURL: 'https://grafana.example/alerting/silence/new',
          dashboardURL: '',
          panelURL: '',
          values: { A: 660, B: null },
          valueString: "[ var='A' labels={} value=660 ]",
        },
      ],
      groupLabels: { alertname: 'QueueOld' },
      commonLabels: { alertname: 'QueueOld' },
      commonAnnotations: {},
      externalURL: 'https://grafana.example/',
      version: '1',
      groupKey: '{}:{alertname="QueueOld"}',
      truncatedAlerts: 0,
      title: '[FIRING:1] QueueOld',
      state: 'alerting',
      message: '**Firing**',
    },
  ],
  pagerduty: [
    parsed(pagerDutyBody({ type: 'incident.triggered', occurredAt: STARTS })),
    parsed(
      pagerDutyBody({ type: 'incident.resolved', occurredAt: '2026-11-18T02:31:11Z', createdAt: STARTS }),
    ),
    parsed(pagerDutyBody({ type: 'incident.annotated', occurredAt: STARTS })),
    {
      event: {
        id: '01',
        event_type: 'pagey.ping',
        resource_type: 'pagey',
        occurred_at: STARTS,
        data: { message: 'Hi' },
      },
    },
  ],
  vast: [
    {
      id: 'evt_1',
      type: 'instance.outbid',
      created: STARTS,
      title: 'Your instance was stopped',
      body: 'Instance 15204417 was outbid and has been stopped.',
    },
    { id: 'evt_2', type: 'credit.low', created: STARTS, title: 'Low credit', body: 'Your balance is $4.20.' },
  ],
  generic: [
    {
      type: 'alert.firing',
      timestamp: STARTS,
      data: {
        id: 'disk-full/gpu-7',
        name: 'Disk full',
        severity: 'high',
        startsAt: STARTS,
        summary: '97 % of /workspace is used',
        labels: { host: 'gpu-7', mount: '/workspace' },
        url: 'https://checks.example/disk/gpu-7',
      },
    },
    {
      type: 'alert.resolved',
      timestamp: STARTS,
      data: {
        id: 'disk-full/gpu-7',
        name: 'Disk full',
        startsAt: STARTS,
        endsAt: '2026-11-18T02:40:00Z',
        labels: {},
      },
    },
  ],
}

/** payloadsOf gives what a sender really posts, as JSON values. */
export function payloadsOf(sender: Sender): readonly Json[] {
  return PAYLOADS[sender]
}
