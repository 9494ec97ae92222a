/** What a map of the world shows; codes are those of ISO 3166-1 in upper case. */
export interface WorldProps {
  /** A share from 0 to 1 by country. */
  readonly shades: Readonly<Record<string, number>>
  readonly chosen: string | null
  readonly onChoose: (code: string) => void
  /** What a pointer on a country tells. */
  readonly describe: (code: string) => React.ReactNode
  readonly label: string
  /** Reports each flash: where, and in which color, named by its CSS variable. The function that is returned ends it. */
  readonly flashes: (listener: (code: string, color: string) => void) => () => void
}
