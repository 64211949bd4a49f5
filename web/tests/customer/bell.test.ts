/** How many notifications are unread, as far as they were counted. */

import { unreadWords } from '../../src/customer/Bell'

describe('unreadWords', () => {
  const page = (count: number, next: string | null) => ({
    items: Array.from({ length: count }),
    next_cursor: next,
  })

  it('says nothing when none is unread, or before it is known', () => {
    expect([unreadWords(undefined), unreadWords(page(0, null))]).toEqual([undefined, undefined])
  })

  it('counts what is on the page', () => {
    expect(unreadWords(page(100, null))).toBe('100')
  })

  it('says that there are more than were counted', () => {
    expect(unreadWords(page(100, 'next'))).toBe('100+')
  })
})
