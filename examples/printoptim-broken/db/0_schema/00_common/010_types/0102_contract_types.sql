CREATE TYPE public.contract_status AS ENUM ('draft', 'signed', 'suspended', 'terminated');
COMMENT ON TYPE public.contract_status IS 'A draft binds nobody; suspended contracts are not invoiced';

CREATE TYPE public.contract_kind AS ENUM ('cost_per_page', 'flat_fee', 'lease', 'service_only');
COMMENT ON TYPE public.contract_kind IS 'How the contract is invoiced, see fn_issue_invoice';

CREATE TYPE public.billing_cycle AS ENUM ('monthly', 'quarterly', 'yearly');
COMMENT ON TYPE public.billing_cycle IS 'Length of an invoice period';
