-- The order of the values is the order of the work: comparisons with < are used in fn_cancel_order.
CREATE TYPE public.order_status AS ENUM ('draft', 'submitted', 'approved', 'shipped', 'delivered', 'cancelled');
CREATE TYPE public.movement_kind AS ENUM ('receipt', 'issue', 'correction', 'return');

COMMENT ON TYPE public.order_status IS 'Progress of a consumables order';
COMMENT ON TYPE public.movement_kind IS 'Why the stock of a depot changed';
