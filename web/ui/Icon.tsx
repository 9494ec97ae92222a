import type { SVGProps } from 'react'

/** Drawn on a grid of 16, with lines of 1.5. */
const paths = {
  bag: 'M3.5 5.5h9l.7 8h-10.4zM5.5 7V4.5a2.5 2.5 0 0 1 5 0V7',
  bell: 'M4 7a4 4 0 0 1 8 0c0 3 1.5 4 1.5 4h-11S4 10 4 7M6.8 13.5h2.4',
  cart: 'M1.5 2.5h2l1.8 7.5h6.6l1.6-5.5h-9M6.2 13.2h.1M11.2 13.2h.1',
  check: 'M3 8.5l3.2 3L13 4.5',
  chevron: 'M4.5 6.5 8 10l3.5-3.5',
  close: 'M4 4l8 8M12 4l-8 8',
  coins: 'M8 2v12M11 4.5c-.6-.9-1.700-1.300-3-1.300-1.700 0-3 .8-3 2.300 0 3.200 6.200 1.600 6.200 4.900 0 1.500-1.400 2.400-3.200 2.400-1.500 0-2.700-.5-3.300-1.600',
  compass: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M10.500 5.500l-1.600 3.400-3.400 1.600 1.600-3.400z',
  copy: 'M5.500 5.500h7v7h-7zM3.500 10.500v-7h7',
  down: 'M8 3v10M4 9l4 4 4-4',
  eye: 'M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8M8 6.200a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600',
  eyeOff: 'M2.500 2.500l11 11M6.400 3.800A6 6 0 0 1 8 3.500c4 0 6.500 4.500 6.500 4.500a11 11 0 0 1-2 2.500M4.200 4.800A11 11 0 0 0 1.500 8S4 12.500 8 12.500c1 0 2-.3 2.800-.7',
  globe: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M1.800 8h12.400M8 1.800c2 1.800 2.600 4 2.600 6.200S10 12.400 8 14.200M8 1.800C6 3.600 5.400 5.800 5.400 8S6 12.400 8 14.200',
  map: 'M1.800 4.200 6 2.500l4 1.700 4.200-1.700v9.300L10 13.500l-4-1.700-4.200 1.700zM6 2.500v9.300M10 4.200v9.300',
  moon: 'M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7',
  page: 'M4 1.800h5l3 3v9.400H4zM9 1.800v3h3',
  retry: 'M13 8a5 5 0 1 1-1.600-3.700M13 2v3h-3',
  screen: 'M1.800 3h12.400v8.500H1.800zM5.500 14h5',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9M10.500 10.500 14 14',
  send: 'M8 13V3M4 7l4-4 4 4',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  undo: 'M3 6.500h7a3 3 0 0 1 0 6H6M3 6.500 6 3.500M3 6.500l3 3',
  up: 'M8 13V3M4 7l4-4 4 4',
  user: 'M8 2.500a2.700 2.700 0 1 0 0 5.400 2.700 2.700 0 0 0 0-5.400M2.800 13.800c.6-2.700 2.600-4 5.200-4s4.600 1.300 5.200 4',
  zap: 'M9 1.500 3 9h4l-1 5.500L12.500 7H8.300z',
} as const

export type IconName = keyof typeof paths

/** An icon says nothing to who can't see it: the text beside it does, or the label of its button. */
export function Icon({ name, size = 16, ...rest }: { name: IconName; size?: number } & Omit<SVGProps<SVGSVGElement>, 'name'>) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinecap="round" strokeLinejoin="round" aria-hidden {...rest}>
      <path d={paths[name]} />
    </svg>
  )
}
