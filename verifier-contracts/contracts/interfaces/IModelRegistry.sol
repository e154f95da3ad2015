// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardedRoles} from "./IGuardedRoles.sol";

/// @title Append-only registry of proved models
/// @notice Anyone adds models under ids that contain their own address. Registration does not prove that a key belongs to the
///   network it names, that its setup was honest, or that the model is any good: `zkinfer audit --chain` checks the first two.
interface IModelRegistry is IGuardedRoles {
    /// @notice What may be done with a model.
    /// Active: everything. Frozen: no request and no fulfilment; open requests are refundable. Tombstoned: frozen for ever.
    enum ModelState {
        Unknown,
        Active,
        Frozen,
        Tombstoned
    }

    /// @notice How tensors are committed to: for several, the sum of their counts and the largest width.
    /// @param count Number of elements, at least 1.
    /// @param bits Width of an element, 1 to 253.
    /// @param words Number of packed words, at least 1.
    struct TensorSpec {
        uint48 count;
        uint8 bits;
        uint32 words;
    }

    /// @notice What identifies a model; with the owner's address and the key's hash it makes up the modelId.
    /// @param modelDigest SHA-256 of the canonical quantised network.
    /// @param circuitDigest SHA-256 of the constraint system.
    /// @param transcriptHash SHA-256 of the setup's transcript; zero says that the key is a development key.
    struct ModelIdentity {
        bytes32 modelDigest;
        bytes32 circuitDigest;
        bytes32 transcriptHash;
        TensorSpec inputSpec;
        TensorSpec outputSpec;
    }

    /// @notice Who earns a share of the model's price, and how large it is.
    /// @param receiver Zero only when the share is zero.
    /// @param basisPoints Share of the model's price, 0 to 10,000; the owner gets the rest.
    struct Royalty {
        address receiver;
        uint16 basisPoints;
    }

    /// @notice A price for one use, in a token; the zero address is the chain's own currency.
    struct TokenPrice {
        address token;
        uint96 amount;
    }

    /// @notice A model as the coprocessor reads it.
    struct Model {
        ModelState state;
        address owner;
        bytes32 keyHash;
        ModelIdentity identity;
        Royalty royalty;
        string metadataUri;
    }

    event ModelRegistered(
        bytes32 indexed modelId,
        address indexed owner,
        bytes32 indexed modelDigest,
        bytes32 keyHash,
        ModelIdentity identity,
        Royalty royalty,
        string metadataUri
    );
    /// @notice From `effectiveAt` (a timestamp) on, one use costs `amount`; not `listed`: requests in this token are refused.
    event PriceSet(bytes32 indexed modelId, address indexed token, bool listed, uint96 amount, uint64 effectiveAt);
    /// @notice Whose freezes hold: a model is frozen while one does.
    event ModelStateChanged(
        bytes32 indexed modelId, ModelState state, bool heldByOwner, bool heldByGuardian, address indexed by
    );
    /// @notice Models with development keys are admitted on this chain. Emitted at deployment alone.
    event DevelopmentChainAdmitted(uint256 indexed chainId);

    error ModelUnknown(bytes32 modelId);
    error ModelExists(bytes32 modelId);
    error ModelTombstoned(bytes32 modelId);
    /// @notice Development keys are refused on this chain.
    error DevelopmentModel(uint256 chainId);
    /// @notice A tensor's specification is out of range.
    error TensorSpecRange();
    /// @notice The royalty is above 10,000 basis points, or has no receiver.
    error RoyaltyRange();
    /// @notice The verification key does not have the three signals outputHash, inputHash, binder.
    error KeySignals(uint256 got);
    /// @notice The model has no price in this token.
    error TokenNotListed(bytes32 modelId, address token);
    /// @notice A token is named twice, or none is named.
    error PriceList();

    /// @notice Registers a model under the caller's address; its verification key is checked and stored.
    /// @param prices At least one; in force at once.
    function register(
        ModelIdentity calldata identity,
        bytes calldata verificationKey,
        TokenPrice[] calldata prices,
        Royalty calldata royalty,
        string calldata metadataUri
    ) external returns (bytes32 modelId);

    /// @notice Announces a price that comes into force after NOTICE_PERIOD seconds. Owner only; replaces a pending one.
    /// @param listed False takes the token off the list.
    function setPrice(bytes32 modelId, address token, bool listed, uint96 amount) external;

    /// @notice Stops requests and fulfilments at once. Owner or guardian.
    /// @dev A worker whose proof is on its way then goes unpaid, though others can read the output in its transaction; workers
    ///   serve models whose owner they trust not to do that, or keep their transactions from the public until they are mined.
    function freeze(bytes32 modelId) external;

    /// @notice Ends a freeze: the owner the owner's, the admin the guardian's. The model is active when neither holds.
    /// @dev Reverts with NotAuthorised where the caller has no freeze to end.
    function unfreeze(bytes32 modelId) external;

    /// @notice Freezes for ever. Owner or admin.
    function tombstone(bytes32 modelId) external;

    /// @notice The model. Reverts with ModelUnknown.
    function model(bytes32 modelId) external view returns (Model memory);

    /// @notice What fulfilment needs. State Unknown and zeros for an unknown model.
    function verificationTerms(bytes32 modelId)
        external
        view
        returns (ModelState state, bytes32 keyHash, TensorSpec memory inputSpec, TensorSpec memory outputSpec);

    /// @notice Who earns the model's price. Zeros for an unknown model.
    function payoutTerms(bytes32 modelId) external view returns (address owner, Royalty memory royalty);

    /// @notice Price in force now. Reverts with TokenNotListed.
    function price(bytes32 modelId, address token) external view returns (uint96 amount);

    /// @notice keccak256(abi.encode(MODEL_DOMAIN, owner, keyHash, circuitDigest, modelDigest, inputSpec, outputSpec, transcriptHash)),
    ///   MODEL_DOMAIN = keccak256("zkinfer.model.v1").
    function modelIdOf(address owner, bytes32 keyHash, ModelIdentity calldata identity) external pure returns (bytes32);
}
