/** What the test's document lacks of a browser. */

import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'

/** A busy machine is slow, not wrong. Units: milliseconds. */
const PATIENCE = 20_000

configure({ asyncUtilTimeout: PATIENCE })
vi.setConfig({ testTimeout: 2 * PATIENCE, hookTimeout: 2 * PATIENCE })

/** Test files share one document; the library itself would clean up behind the first file only. */
beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
})
afterEach(cleanup)

class NoObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

window.matchMedia = (media) => ({
  matches: false,
  media,
  onchange: null,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
  dispatchEvent: () => false,
})
window.ResizeObserver = NoObserver
window.HTMLElement.prototype.scrollIntoView = () => {}
Object.defineProperty(document, 'fonts', { value: new EventTarget(), configurable: true })
