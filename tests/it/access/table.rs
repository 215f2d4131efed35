//! What every route answers to whom.

/// The callers, in the order of the columns of [`TABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// No credential.
    Nobody,
    /// Analyst for acme, by a session.
    User,
    /// `administrator` for globex and nothing else, by a session.
    Other,
    /// `administrator` for a customer below acme and nothing else, by a session.
    Below,
    /// The administrator, by a session.
    Admin,
    /// A token that the administrator granted to a client for analysts.
    Token,
    /// The administrator's API key, which is read-only.
    Reader,
    /// A token that the administrator's script got with an API key, of a client for administrators.
    Script,
}

pub(super) const CALLERS: [Caller; 8] = [
    Caller::Nobody,
    Caller::User,
    Caller::Other,
    Caller::Below,
    Caller::Admin,
    Caller::Token,
    Caller::Reader,
    Caller::Script,
];

/// A line per method and route, written by hand. Whatever a request is about belongs to acme, is valid for the administrator, and
/// was made for that one request. A number is the status; a redirect is told by where it leads to: `login` or `home` of our own,
/// `again` to the same as a GET, `code` or `denied` at the client. At a page a token is the session cookie. The token endpoint and
/// introspection ask for a client's credential, which nobody here shows.
pub(super) const TABLE: &str = "
                                                                    nobody user   other  below  admin  token  reader script
    GET     /                                                       login  200    200    200    200    login  login  login
    GET     /login                                                  200    200    200    200    200    200    200    200
    POST    /login                                                  home   home   home   home   home   home   home   home
    GET     /logout                                                 200    200    200    200    200    200    200    200
    POST    /logout                                                 200    200    200    200    200    200    200    200
    GET     /password                                               login  200    200    200    200    login  login  login
    POST    /password                                               login  home   home   home   home   login  login  login
    GET     /static/{file}                                          200    200    200    200    200    200    200    200

    GET     /oauth2/authorize                                       login  code   denied denied code   login  login  login
    POST    /oauth2/authorize                                       again  again  again  again  again  again  again  again
    GET     /.well-known/openid-configuration                       200    200    200    200    200    200    200    200
    GET     /.well-known/oauth-authorization-server                 200    200    200    200    200    200    200    200
    GET     /oauth2/keys                                            200    200    200    200    200    200    200    200
    POST    /authentication/v1/oauth/token                          401    401    401    401    401    401    401    401
    GET     /authentication/v1/oauth/token                          401    401    401    401    401    200    401    200
    POST    /authentication/v1/oauth/token/introspect               401    401    401    401    401    401    401    401
    POST    /authentication/v1/oauth/token/revoke                   401    401    401    401    401    401    401    401
    GET     /authentication/v1/oauth/userinfo                       401    401    401    401    401    200    401    200
    POST    /authentication/v1/oauth/userinfo                       401    401    401    401    401    200    401    200
    POST    /authentication/v1/oauth/authorize                      401    201    403    403    201    403    403    403

    POST    /authentication/v1/oauth/client                         401    403    403    403    201    403    403    201
    GET     /authentication/v1/oauth/client                         401    403    200    200    200    403    200    200
    POST    /authentication/v1/oauth/client/search                  401    403    200    200    200    403    200    200
    GET     /authentication/v1/oauth/client/{idOrShortname}         401    403    404    404    200    403    200    200
    PUT     /authentication/v1/oauth/client/{idOrShortname}         401    403    404    404    200    403    403    200
    DELETE  /authentication/v1/oauth/client/{idOrShortname}         401    403    404    404    200    403    403    200
    GET     /authentication/v1/oauth/client/{idOrShortname}/history 401    403    404    404    200    403    200    200
    GET     /authentication/v1/oauth/client/{idOrShortname}/history/{moment}
                                                                    401    403    404    404    200    403    200    200
    GET     /authentication/v1/oauth/client/{idOrShortname}/diff    401    403    404    404    200    403    200    200
    GET     /authentication/v1/oauth/client/{idOrShortname}/who-can 401    403    404    404    200    403    200    200
    POST    /authentication/v1/oauth/client/{idOrShortname}/preview 401    403    404    404    200    403    403    200
    POST    /authentication/v1/oauth/client/{idOrShortname}/restore 401    403    404    404    200    403    403    200
    POST    /authentication/v1/oauth/client/{idOrShortname}/restore/preview
                                                                    401    403    404    404    200    403    403    200

    POST    /authentication/v1/password/authentication              200    200    200    200    200    200    200    200
    GET     /authentication/v1/session                              401    200    200    200    200    200    200    200
    DELETE  /authentication/v1/session                              401    200    200    200    200    403    403    403
    POST    /authentication/v1/session/constrain                    401    200    200    200    200    403    403    403
    GET     /authentication/v1/session/customer                     401    200    200    200    200    200    200    200
    GET     /authentication/v1/session/function                     401    200    200    200    200    200    200    200
    GET     /authentication/v1/session/permission/{function}        401    200    200    200    200    200    200    200
    GET     /authentication/v1/session/permission/{function}/{customer}
                                                                    401    200    403    403    200    200    200    200
    DELETE  /authentication/v1/session/{sessionIdentifier}          401    404    404    404    200    404    403    200
    GET     /authentication/v1/sessions                             401    200    200    200    200    403    403    403
    GET     /authentication/v1/user/{user}/sessions                 401    404    404    404    200    404    200    200
    DELETE  /authentication/v1/user/{user}/sessions                 401    404    404    404    200    404    403    200

    DELETE  /authentication/v1/logout                               401    200    200    200    200    403    403    403
    GET     /authentication/v1/client                               200    200    200    200    200    200    200    200
    GET     /authentication/v1/methods                              200    200    200    200    200    200    200    200
    PUT     /authentication/v1/password                             401    200    200    200    200    403    403    403
    PUT     /authentication/v1/password/test                        401    200    200    200    200    200    200    200
    POST    /authentication/v1/password/authenticate                200    200    200    200    200    200    200    200
    PUT     /currentuser/v1/password                                401    200    200    200    200    403    403    403
    GET     /authentication/v1/session/authmethods                  401    200    200    200    200    200    200    200
    GET     /currentuser/v1/authmethods                             401    200    200    200    200    200    200    200
    GET     /authentication/v1/user/{user}/methods                  401    403    404    404    200    403    200    200
    GET     /authentication/v1/events                               401    200    200    200    200    403    403    403
    GET     /authentication/v1/customer/events                      401    403    200    200    200    403    200    200
    GET     /authentication/v1/user/{user}/events                   401    403    404    404    200    403    200    200
    GET     /authentication/v1/apikey                               401    200    200    200    200    403    403    403
    POST    /authentication/v1/apikey                               401    201    201    201    201    403    403    403
    PUT     /authentication/v1/apikey/{first}/{second}              401    404    404    404    200    403    403    403
    DELETE  /authentication/v1/apikey/{first}/{second}              401    404    404    404    200    403    403    403
    GET     /authentication/v1/user/{user}                          401    403    404    404    200    403    200    200
    PUT     /authentication/v1/user/{user}/block                    401    403    404    404    200    403    403    200
    PUT     /authentication/v1/user/{user}/unblock                  401    403    404    404    220    403    403    220
    GET     /authentication/v1/user/{user}/apikey                   401    403    404    404    200    403    200    200
    POST    /authentication/v1/user/{user}/apikey                   401    403    404    404    201    403    403    403
    PUT     /authentication/v1/user/{user}/apikey/{first}/{second}  401    403    404    404    200    403    403    403
    DELETE  /authentication/v1/user/{user}/apikey/{first}/{second}  401    403    404    404    200    403    403    200

    GET     /currentuser/v1/user                                    401    200    200    200    200    200    200    200
    GET     /currentuser/v1/groups                                  401    200    200    200    200    200    200    200
    GET     /currentuser/v1/customers                               401    200    200    200    200    200    200    200
    GET     /currentuser/v1/functions                               401    200    200    200    200    200    200    200
    GET     /currentuser/v1/permissions                             401    200    200    200    200    200    200    200
    GET     /currentuser/v1/permission/{function}/{customer}        401    200    403    403    200    200    200    200

    GET     /useradmin/v2/user                                      401    403    200    200    200    403    200    200
    POST    /useradmin/v2/user                                      401    403    403    403    201    403    403    201
    POST    /useradmin/v2/user/search                               401    403    200    200    200    403    200    200
    GET     /useradmin/v2/user/{shortNameOrID}                      401    403    404    404    200    403    200    200
    PUT     /useradmin/v2/user/{shortNameOrID}                      401    403    404    404    200    403    403    200
    DELETE  /useradmin/v2/user/{shortNameOrID}                      401    403    404    404    200    403    403    200
    PUT     /useradmin/v2/user/{shortNameOrID}/move                 401    403    404    404    200    403    403    200
    PUT     /useradmin/v2/user/{shortNameOrID}/reenable             401    403    404    404    220    403    403    220
    GET     /useradmin/v2/user/{shortNameOrID}/picture              401    403    404    404    200    403    200    200
    PUT     /useradmin/v2/user/{shortNameOrID}/picture              401    403    404    404    200    403    403    200
    GET     /useradmin/v2/user/{shortNameOrID}/permissions          401    403    404    404    200    403    200    200
    GET     /useradmin/v2/group/{shortNameOrID}/permissions         401    403    404    404    200    403    200    200
    GET     /useradmin/v2/group                                     401    403    200    200    200    403    200    200
    POST    /useradmin/v2/group                                     401    403    403    403    201    403    403    201
    POST    /useradmin/v2/group/search                              401    403    200    200    200    403    200    200
    GET     /useradmin/v2/group/{shortNameOrID}                     401    403    404    404    200    403    200    200
    PUT     /useradmin/v2/group/{shortNameOrID}                     401    403    404    404    200    403    403    200
    DELETE  /useradmin/v2/group/{shortNameOrID}                     401    403    404    404    200    403    403    200
    PUT     /useradmin/v2/group/{shortNameOrID}/move                401    403    404    404    200    403    403    200
    PUT     /useradmin/v2/group/{shortNameOrID}/reenable            401    403    404    404    220    403    403    220
    GET     /useradmin/v2/group/{shortNameOrID}/members             401    403    404    404    200    403    200    200
    POST    /useradmin/v2/group/{shortNameOrID}/members             401    403    404    404    200    403    403    200
    DELETE  /useradmin/v2/group/{shortNameOrID}/members             401    403    404    404    220    403    403    220
    GET     /useradmin/v2/membership                                401    403    200    200    200    403    200    200
    DELETE  /useradmin/v2/membership                                401    403    404    404    200    403    403    200
    POST    /useradmin/v2/membership/search                         401    403    200    200    200    403    200    200
    GET     /useradmin/v2/subject                                   401    403    200    200    200    403    200    200
    POST    /useradmin/v2/subject/search                            401    403    200    200    200    403    200    200
    GET     /useradmin/v2/subject/{shortNameOrId}                   401    403    404    404    200    403    200    200
    POST    /useradmin/v2/subject/{shortNameOrId}/groups            401    403    404    404    200    403    403    200
    GET     /currentuser/v1/picture                                 401    200    200    200    200    200    200    200
    PUT     /currentuser/v1/picture                                 401    200    200    200    200    403    403    403
    GET     /users/v2/user                                          401    200    200    200    200    200    200    200
    POST    /users/v2/user/search                                   401    200    200    200    200    200    200    200
    GET     /users/v2/user/{shortNameOrID}                          401    200    404    404    200    200    200    200
    GET     /users/v2/group                                         401    200    200    200    200    200    200    200
    POST    /users/v2/group/search                                  401    200    200    200    200    200    200    200
    GET     /users/v2/group/{shortNameOrID}                         401    200    404    404    200    200    200    200
    GET     /users/v2/subject                                       401    200    200    200    200    200    200    200
    POST    /users/v2/subject/search                                401    200    200    200    200    200    200    200
    GET     /users/v2/subject/{shortNameOrID}                       401    200    404    404    200    200    200    200
    GET     /users/v2/subject/{shortNameOrID}/groups                401    200    404    404    200    200    200    200
    GET     /users/v2/user/{shortNameOrID}/picture                  200    200    200    200    200    200    200    200

    GET     /useradmin/v2/function                                  401    403    200    200    200    403    200    200
    POST    /useradmin/v2/function                                  401    403    403    403    201    403    403    201
    POST    /useradmin/v2/function/search                           401    403    200    200    200    403    200    200
    GET     /useradmin/v2/function/{functionNameOrID}               401    403    200    200    200    403    200    200
    PUT     /useradmin/v2/function/{functionNameOrID}               401    403    403    403    200    403    403    200
    DELETE  /useradmin/v2/function/{functionNameOrID}               401    403    403    403    200    403    403    200
    GET     /useradmin/v2/function/{functionNameOrID}/children      401    403    200    200    200    403    200    200
    POST    /useradmin/v2/function/{functionNameOrID}/children      401    403    403    403    200    403    403    200
    DELETE  /useradmin/v2/function/{functionNameOrID}/children      401    403    403    403    200    403    403    200
    GET     /useradmin/v2/function/{functionNameOrID}/parents       401    403    200    200    200    403    200    200
    GET     /useradmin/v2/functionmapping                           401    403    200    200    200    403    200    200
    POST    /useradmin/v2/functionmapping/search                    401    403    200    200    200    403    200    200
    GET     /users/v2/function                                      401    200    200    200    200    200    200    200
    POST    /users/v2/function/search                               401    200    200    200    200    200    200    200
    GET     /users/v2/function/{idOrShortname}                      401    200    200    200    200    200    200    200

    GET     /useradmin/v2/permission                                401    403    200    200    200    403    200    200
    POST    /useradmin/v2/permission                                401    403    412    412    201    403    403    201
    DELETE  /useradmin/v2/permission                                401    403    404    404    200    403    403    200
    POST    /useradmin/v2/permission/bulk                           401    403    412    412    200    403    403    200
    POST    /useradmin/v2/permission/search                         401    403    200    200    200    403    200    200
    DELETE  /useradmin/v2/permission/{permissionID}                 401    403    404    404    200    403    403    200

    GET     /customeradmin/v2/customer                              401    403    200    200    200    403    200    200
    POST    /customeradmin/v2/customer                              401    403    412    412    201    403    403    201
    POST    /customeradmin/v2/customer/search                       401    403    200    200    200    403    200    200
    GET     /customeradmin/v2/customer/{idOrShortName}              401    403    404    404    200    403    200    200
    PUT     /customeradmin/v2/customer/{idOrShortName}              401    403    404    404    200    403    403    200
    PUT     /customeradmin/v2/customer/{idOrShortName}/disable      401    403    404    404    200    403    403    200
    PUT     /customeradmin/v2/customer/{idOrShortName}/reenable     401    403    404    404    220    403    403    220
    PUT     /customeradmin/v2/customer/{idOrShortName}/move         401    403    404    404    200    403    403    200
    GET     /customeradmin/v2/domain                                401    403    200    200    200    403    200    200

    GET     /audit/v1/entries                                       401    403    200    200    200    403    200    200
    GET     /audit/v1/entries/export                                401    403    200    200    200    403    200    200
    GET     /audit/v1/entries/{position}                            401    403    404    404    200    403    200    200
    GET     /audit/v1/entries/{position}/proof                      401    403    404    404    200    403    200    200
    GET     /audit/v1/checkpoint                                    401    403    200    200    200    403    200    200
    GET     /audit/v1/checkpoints                                   401    403    200    200    200    403    200    200
    GET     /audit/v1/consistency                                   401    403    200    200    200    403    200    200

    GET     /docs/api                                               200    200    200    200    200    200    200    200
    GET     /docs/api/openapi.json                                  200    200    200    200    200    200    200    200
    GET     /docs/api/{file}                                        200    200    200    200    200    200    200    200
    GET     /health                                                 200    200    200    200    200    200    200    200
    GET     /ready                                                  200    200    200    200    200    200    200    200
    GET     /metrics                                                200    200    200    200    200    200    200    200
";

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) route: &'static str,
    pub(super) expected: [&'static str; CALLERS.len()],
}

/// The lines of [`TABLE`] below its head; words are all that counts.
pub(super) fn rows() -> Vec<Row> {
    let words: Vec<&str> = TABLE.split_whitespace().skip(CALLERS.len()).collect();
    let (lines, rest) = words.as_chunks::<{ CALLERS.len() + 2 }>();
    assert!(rest.is_empty(), "a line is not complete: {rest:?}");
    lines
        .iter()
        .map(|[method, route, expected @ ..]| Row { method, route, expected: *expected })
        .inspect(|row| {
            assert!(row.route.starts_with('/') && row.method.bytes().all(|b| b.is_ascii_uppercase()), "{row:?}")
        })
        .collect()
}
