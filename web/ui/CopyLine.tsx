'use client'

import { Button } from './Button'
import { Icon } from './Icon'
import { useToast } from './Toasts'

/** A line to put elsewhere, and the button that copies it. */
export function CopyLine({ text }: { text: string }) {
  const toast = useToast()
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => toast({ kind: 'good', title: 'Copied' }),
      () => toast({ kind: 'bad', title: 'The browser does not allow copying', text: 'Select the line and copy it by hand.' }),
    )
  return (
    <>
      <code className="mt-4 block rounded-lg border border-line bg-page p-3 text-left font-mono text-xs break-all text-ink select-all">{text}</code>
      <Button className="mt-3" onClick={() => void copy()}>
        <Icon name="copy" /> Copy
      </Button>
    </>
  )
}
