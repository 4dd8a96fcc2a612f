/** spell writes seconds as the page says them: `7 m 10 s`. */
export function spell(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`
}

/** short gives the first eight digits of a digest. */
export function short(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 8)
}

/** percent writes a share with at most one digit: `17 %`, `16.7 %`. */
export function percent(value: number): string {
  return `${Math.abs(value - Math.round(value)) < 0.05 ? Math.round(value) : value.toFixed(1)} %`
}

/** providerName is how a provider is called. */
export function providerName(provider: string): string {
  return { kubernetes: 'Kubernetes', fly: 'Fly.io', vast: 'Vast.ai' }[provider] ?? provider
}

/** countWords writes a number with its noun. */
export function countWords(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
