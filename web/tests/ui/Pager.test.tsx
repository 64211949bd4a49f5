/** Lists are read page by page, and shown as one. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'

import { Loaded } from '../../src/ui/Page'
import { useList, type ListPage } from '../../src/ui/Pager'
import { show } from './render'

const PAGES: Record<string, ListPage<string>> = {
  first: { items: ['one', 'two'], next_cursor: 'c2' },
  c2: { items: ['three'], next_cursor: null },
}

function Letters({ read }: { read: (cursor: string | undefined) => Promise<ListPage<string>> }) {
  const { query, more } = useList(['letters'], read)
  return (
    <Loaded of={query}>
      {(items) => (
        <>
          {items.map((item) => (
            <p key={item}>{item}</p>
          ))}
          {more}
        </>
      )}
    </Loaded>
  )
}

test('the next page is read when it is asked for, and there is no more after the last', async () => {
  const read = vi.fn(async (cursor: string | undefined) => PAGES[cursor ?? 'first'] ?? { items: [] })
  show(
    <QueryClientProvider client={new QueryClient()}>
      <Letters read={read} />
    </QueryClientProvider>,
  )
  expect(await screen.findByText('two')).toBeVisible()
  expect(screen.queryByText('three')).toBeNull()

  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))

  expect(await screen.findByText('three')).toBeVisible()
  expect(screen.getByText('one')).toBeVisible()
  expect(screen.queryByRole('button')).toBeNull()
  expect(read.mock.calls).toEqual([[undefined], ['c2']])
})
