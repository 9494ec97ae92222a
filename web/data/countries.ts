import { assigned } from './country-codes'

/** A country by its code of ISO 3166-1 in lower case, as the live stream writes it; `zz` is unknown. */
export type Code = string

/** The country that an address names, in either case; `null` for none. As everywhere, `uk` is `gb`. */
export function codeOf(text: string | null): Code | null {
  const code = text?.toLowerCase() ?? ''
  return code === 'uk' ? 'gb' : /^[a-z]{2}$/.test(code) ? code : null
}

/** Two letters of the flag alphabet make a flag. */
export function flagOf(code: Code): string {
  if (!/^[a-z]{2}$/i.test(code) || code.toLowerCase() === 'zz') return '🏳️'
  return String.fromCodePoint(...[...code.toUpperCase()].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65))
}

const names = new Map<string, Intl.DisplayNames | null>()

/** The name of a country in the viewer's language. */
export function nameOf(code: Code, language?: string): string {
  if (code.toLowerCase() === 'zz') return 'Unknown'
  const key = language ?? ''
  if (!names.has(key)) {
    try {
      names.set(key, new Intl.DisplayNames(language === undefined ? undefined : [language], { type: 'region' }))
    } catch {
      names.set(key, null)
    }
  }
  return names.get(key)?.of(code.toUpperCase()) ?? code.toUpperCase()
}

/** Lower case, without accents: what a person types to find `Côte d’Ivoire` or `Türkiye`. */
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[’']/g, '').toLowerCase().trim()

/**
 * Countries that a text may mean, the best first: a code, the beginning of a name, the beginning of a word in it, any part of it. Names are those of the viewer's language and
 * English.
 */
export function complete(text: string, limit = 6, language?: string): Code[] {
  const wanted = plain(text)
  if (wanted === '') return []
  const rank = (code: string) => {
    if (code === wanted || (wanted === 'uk' && code === 'gb')) return 0
    let best = 9
    for (const name of [nameOf(code, language), nameOf(code, 'en')].map(plain)) {
      if (name.startsWith(wanted)) best = Math.min(best, 1)
      else if (name.split(/[\s-]+/).some((word) => word.startsWith(wanted))) best = Math.min(best, 2)
      else if (wanted.length > 2 && name.includes(wanted)) best = Math.min(best, 3)
    }
    return best
  }
  return assigned
    .map((code) => ({ code, rank: rank(code), name: nameOf(code, language) }))
    .filter((found) => found.rank < 9)
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map((found) => found.code)
}
