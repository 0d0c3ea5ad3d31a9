// The file name of an action in stack traces.
export const USER_SCRIPT = "<user_provided_script>";
