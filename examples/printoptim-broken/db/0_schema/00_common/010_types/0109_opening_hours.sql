-- Opening hours cross no midnight: a night shift is two ranges.
CREATE TYPE public.time_range AS RANGE (
    subtype = time
);

COMMENT ON TYPE public.time_range IS 'Part of a day, for opening and service hours';
