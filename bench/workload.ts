/** WORKLOAD_W says what the large workload is, and what of it the product cannot show yet. */
export const WORKLOAD_W =
  'W: 10,000 GPUs on 2,000 instances, 200 queues, 1,000 GPUs changing per 5 s cycle through Prometheus, 40 agents pushing every 12 s; ' +
  'production build, real Postgres, real worker and web, simulated world, all on this machine. ' +
  'Alerts and incidents of W (2,000 open alerts, 20 incidents) are not part of the product yet and so not of the load'
