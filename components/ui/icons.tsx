import type { ComponentProps, ReactNode } from 'react'

type IconProps = Omit<ComponentProps<'svg'>, 'children'>

// Drawn here for what every page loads at once: a library's frame alone weighs more than all of these.
function lines(path: string): (props: IconProps) => ReactNode {
  return function Icon(props) {
    return (
      <svg
        viewBox="0 0 24 24"
        width="24"
        height="24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        {...props}
      >
        <path d={path} />
      </svg>
    )
  }
}

export const CloseIcon = lines('M6 6l12 12M18 6L6 18')
export const SearchIcon = lines('M17 10.5a6.5 6.5 0 1 1-13 0a6.5 6.5 0 0 1 13 0zM15.2 15.2L21 21')
export const ThemeIcon = lines(
  'M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0zM12 3v18M12 8.5l6-3M12 12.5l8-4M12 16.5l8.5-4.2',
)
export const MoreIcon = lines('M5 12h.01M12 12h.01M19 12h.01')
export const DownloadIcon = lines('M12 3v12M7 10.5l5 5l5-5M4 20h16')
export const WallIcon = lines('M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z')
export const TableIcon = lines('M3 4h18v16H3zM3 10h18M3 15h18M10 4v16')
export const ColumnsIcon = lines('M3 4h18v16H3zM9 4v16M15 4v16')
export const FiltersIcon = lines('M3 7h11M18 7h3M14 4v6M3 17h3M10 17h11M10 14v6')
export const BookmarkIcon = lines('M6 3h12v18l-6-5l-6 5z')
export const UpIcon = lines('M12 20V5M6 11l6-6l6 6')
export const DownIcon = lines('M12 4v15M6 13l6 6l6-6')
export const OpenIcon = lines('M6 9l6 6l6-6')
export const NextIcon = lines('M9 6l6 6l-6 6')
export const AddIcon = lines('M12 5v14M5 12h14')
export const TasksIcon = lines('M3 6l1.5 1.5L8 4M3 17l1.5 1.5L8 15M12 6h9M12 17h9')
export const NoteIcon = lines('M12 4H4v16h16v-8M9 15l1-4l9-9l3 3l-9 9z')
