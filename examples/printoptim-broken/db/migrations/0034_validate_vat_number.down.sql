-- A validated constraint cannot be made NOT VALID again, and need not be: 0033 drops it.
SELECT 1;
