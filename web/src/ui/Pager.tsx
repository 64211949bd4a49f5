/** Long lists: read page by page from the portal, and drawn only where they are looked at. */

import { Box, Button, Center } from '@mantine/core'
import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type ReactNode } from 'react'

export interface ListPage<Item> {
  items: readonly Item[]
  next_cursor?: string | null
}

/** `query.data` are the items so far, so that `<Loaded of={query}>` takes it; `more` is the button for the next. */
export function useList<Item>(
  key: QueryKey,
  fetchPage: (cursor: string | undefined) => Promise<ListPage<Item>>,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
  })
  const more = query.hasNextPage && (
    <ShowMore isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
  )
  return { items: query.data ?? [], query, more }
}

function ShowMore({ isLoading, onMore }: { isLoading: boolean; onMore: () => void }) {
  return (
    <Center>
      <Button variant="default" loading={isLoading} onClick={onMore}>
        Show more
      </Button>
    </Center>
  )
}

interface VirtualListProps<Item> {
  items: readonly Item[]
  label: string
  keyOf: (item: Item) => string
  children: (item: Item) => ReactNode
  /** Units: pixels. */
  estimate?: number
  height?: number
}

const MARGIN_ITEMS = 8

export function VirtualList<Item>({
  items,
  label,
  keyOf,
  children,
  estimate = 64,
  height = 640,
}: VirtualListProps<Item>) {
  'use no memo'
  const scroller = useRef<HTMLDivElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- this component opts out of memoisation above
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    overscan: MARGIN_ITEMS,
  })
  return (
    <Box ref={scroller} mah={height} tabIndex={0} role="region" aria-label={label} className="scroller">
      <Box role="list" pos="relative" h={virtual.getTotalSize()}>
        {virtual.getVirtualItems().map((row) => {
          const item = items[row.index]
          return (
            item !== undefined && (
              <Box
                key={keyOf(item)}
                ref={virtual.measureElement}
                data-index={row.index}
                role="listitem"
                aria-setsize={items.length}
                aria-posinset={row.index + 1}
                pos="absolute"
                top={row.start}
                w="100%"
              >
                {children(item)}
              </Box>
            )
          )
        })}
      </Box>
    </Box>
  )
}
