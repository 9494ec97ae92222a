/** Numbers and times in the viewer's language. */
const whole = new Intl.NumberFormat()
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const signed = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' })

export const number = (value: number) => whole.format(value)

/** `12,345`, and `1.2M` from a million on. */
export const compact = (value: number) => (Math.abs(value) < 1_000_000 ? whole.format(Math.round(value)) : short.format(value))

const moneys = new Map<string, Intl.NumberFormat>()

function moneyFormat(currency: string, options: Intl.NumberFormatOptions, key: string): Intl.NumberFormat {
  const name = `${currency}${key}`
  let format = moneys.get(name)
  if (format === undefined) {
    try {
      format = new Intl.NumberFormat(undefined, { style: 'currency', currency, ...options })
    } catch {
      // A currency that this browser does not know.
      format = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })
    }
    moneys.set(name, format)
  }
  return format
}

/** `€59.90`. */
export const money = (value: number, currency: string) => moneyFormat(currency, {}, '').format(value)

/** `€12,346`: without the small coins, and `€1.2M` from a million on. */
export const roundMoney = (value: number, currency: string) =>
  Math.abs(value) < 1_000_000
    ? moneyFormat(currency, { maximumFractionDigits: 0 }, ' whole').format(value)
    : moneyFormat(currency, { notation: 'compact', maximumFractionDigits: 1 }, ' compact').format(value)

/** What stands in place of money while others look on. */
export const hiddenMoney = '•••'

/** How much a value is above or below another one; `null` where that can't be shown. */
export function changeOf(now: number, before: number | undefined): number | null {
  if (before === undefined || (before === 0 && now !== 0)) return null
  return before === 0 ? 0 : now / before - 1
}

/** `+12%`; more than tenfold is shown as a factor, since `+4,900%` tells nobody anything. */
export const change = (share: number) => (share >= 9.995 ? `×${whole.format(Math.round(share + 1))}` : signed.format(share))

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
export const time = (date: Date) => clock.format(date)

/** `now`, `12 s`, `3 min`, `2 h`: how long ago something was. */
export function ago(seconds: number): string {
  if (seconds < 5) return 'now'
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  return `${Math.floor(seconds / 3600)} h`
}
