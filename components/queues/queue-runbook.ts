/** queueRunbook gives what to do, in order: the verdict's own action, then the steps of its state; empty when nothing is owed. */
export function queueRunbook(queue: { readonly state: string; readonly action?: string }): readonly string[] {
  const first = queue.action === undefined ? [] : [queue.action]
  return [...first, ...stepsOf(queue.state)]
}

function stepsOf(state: string): readonly string[] {
  switch (state) {
    case 'no-workers':
    case 'stalled':
      return [
        'On an instance of this queue, look at the services and restart what stands still: /workspace/start_remote.sh --status, then --restart.',
        'Ask supervisord for worker-cpu and worker-gpu; start the one that is stopped.',
        'See that TEMPORAL_ADDRESS is set and points at the public control plane, then that pollers come back here.',
      ]
    case 'backlogged':
      return [
        'Compare arrival with dispatch: if arrival rose, more workers are needed; if dispatch fell, look at the hosts first.',
        'See whether pollers are fewer than an hour ago; restart the workers that are missing.',
      ]
    case 'throttled':
      return [
        'The task queue itself is rate limited: see whether somebody set a dispatch limit on it.',
        'If the limit is meant, tell those who wait; if not, raise it in the worker options or with the Temporal command line.',
      ]
    case 'unknown':
      return [
        'Describe the queue with the Temporal command line from another machine: temporal task-queue describe --task-queue NAME.',
        'If that works, test the connection under Settings, Sources.',
      ]
    default:
      return []
  }
}
