// The whole tracker: /footfall.js.
import { listen } from './commerce'
import { endpointOf } from './options'
import { offer, watch } from './page'
import { queue } from './queue'

const script = document.currentScript as HTMLScriptElement | null
// Once, though a shop may have the tag twice, or both files. A page of a file counts nothing.
if (script && /^http/.test(location.protocol) && !window.footfall?.on) {
  const { send, leave, flush } = queue(endpointOf(script))
  const track = watch(script.dataset, send, (hidden) => (hidden ? leave : flush)())
  offer(track)
  listen(track)
}
