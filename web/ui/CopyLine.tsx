'use client'

import { useRef } from 'react'
import { Button } from './Button'
import { Icon } from './Icon'
import { useToast } from './Toasts'

/** A line to put elsewhere, and the button that copies it. */
export function CopyLine({ text }: { text: string }) {
  const toast = useToast()
  const line = useRef<HTMLElement>(null)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      // Without HTTPS there is no clipboard but the old one, of what is selected.
      if (line.current !== null) getSelection()?.selectAllChildren(line.current)
      if (!document.execCommand('copy'))
        return toast({ kind: 'bad', title: 'The browser blocked copying', text: 'The text is selected: copy it manually.' })
    }
    toast({ kind: 'good', title: 'Copied' })
  }
  return (
    <>
      <code
        ref={line}
        className="mt-4 block rounded-lg border border-line bg-page p-3 text-left font-mono text-xs break-all text-ink select-all"
      >
        {text}
      </code>
      <Button className="mt-3" onClick={() => void copy()}>
        <Icon name="copy" /> Copy
      </Button>
    </>
  )
}
